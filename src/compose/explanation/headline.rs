//! The first lines of an explanation: what decided, whether a person should look, why it does not count.
//!
//! Nothing is claimed here but what took part and what was measured: an own taxonomy has no learner behind it until
//! somebody labels tickets, and a bar that nobody measured is called a rule of thumb.

use crate::classify::Method;
use crate::classify::explain::{ExclusionCause, Outcome};
use crate::classify::learner::Learnt;
use crate::compose::explanation::Told;
use crate::compose::words::exclusion_ja;

impl Told<'_> {
    pub(super) fn headline(&self) -> Vec<String> {
        let mut lines = vec![self.decision(), self.review()];
        lines.extend(self.exclusion());
        lines.extend(self.unlabelled());
        lines
    }

    fn decision(&self) -> String {
        let pattern = self.scene.pattern_name(&self.found.pattern);
        let (sure, _) = apart(self.found.confidence, self.why.bar);
        match (self.found.method, self.why.learnt) {
            (Method::Label, _) => self.pick(
                format!("「{pattern}」: 人がそう答えた。人の答えは常に優先する。"),
                format!("“{pattern}”: a person said so, and a person's answer always wins."),
            ),
            _ if !self.why.heard => self.pick(
                format!("「{pattern}」: どのパターンを指す言葉もなかった。"),
                format!("“{pattern}”: nothing in it speaks for any pattern."),
            ),
            (_, Learnt::Nothing) => self.pick(
                format!("「{pattern}」、確度 {sure}。ルールだけで決めた。この分類表には学んだ例もラベルもない。"),
                format!(
                    "“{pattern}”, {sure} sure. The rules decided alone: for this taxonomy there is no example and no label to learn from."
                ),
            ),
            (Method::Rules, _) => self.pick(
                format!("「{pattern}」、確度 {sure}。ルールの点数だけでもこれを指し、{}も同じ答えだった。", self.learner()),
                format!(
                    "“{pattern}”, {sure} sure. The points of the rules alone lead to it, and {} comes to the same.",
                    self.learner()
                ),
            ),
            _ => self.pick(
                format!("「{pattern}」、確度 {sure}。ルールだけでは決まらず、ルールの票も聞く{}が決めた。", self.learner()),
                format!(
                    "“{pattern}”, {sure} sure. The rules alone do not lead to it clearly; {} decided, which hears the rules too.",
                    self.learner()
                ),
            ),
        }
    }

    /// The learner by what it learnt from.
    fn learner(&self) -> &'static str {
        match self.why.learnt {
            Learnt::Labels | Learnt::Nothing => self.pick(
                "人のラベルから学んだ学習器",
                "the learner, taught by labels alone,",
            ),
            Learnt::Examples => self.pick("学習器", "the learner"),
            Learnt::ExamplesAndLabels => self.pick(
                "例と人のラベルから学んだ学習器",
                "the learner, taught by examples and labels,",
            ),
        }
    }

    fn review(&self) -> String {
        if self.found.method == Method::Label {
            return self
                .pick(
                    "人の答えがあるので要確認ではない。",
                    "Not marked for review, since a person has answered.",
                )
                .to_owned();
        }
        if !self.why.heard {
            return self
                .pick(
                    "要確認: 手がかりになる言葉がひとつもない。",
                    "Marked for review: there is no word in it to go by.",
                )
                .to_owned();
        }
        let (marked, second) = (self.found.needs_review, self.second());
        let (sure, bar) = apart(self.found.confidence, self.why.bar);
        match (bar, self.rests_on()) {
            (Some(bar), rests_on) => match marked {
                true => self.pick(
                    format!("要確認: 確度 {sure} が線 {bar} に届かない。{rests_on}{second}"),
                    format!("Marked for review: {sure} is below the bar of {bar}. {rests_on}{second}"),
                ),
                false => self.pick(
                    format!("要確認ではない: 確度 {sure} が線 {bar} に届く。{rests_on}{second}"),
                    format!("Not marked for review: {sure} reaches the bar of {bar}. {rests_on}{second}"),
                ),
            },
            (None, _) => match marked {
                true => self.pick(
                    format!("要確認: ルールの点数か、次のパターンとの差が、分類表の求める値に届かない。{second}"),
                    format!(
                        "Marked for review: the points, or their distance to the next pattern, are less than the taxonomy demands.{second}"
                    ),
                ),
                false => self.pick(
                    format!("要確認ではない: ルールの点数も、次のパターンとの差も、分類表の求める値に届く。{second}"),
                    format!(
                        "Not marked for review: the points and their distance to the next pattern are what the taxonomy demands.{second}"
                    ),
                ),
            },
        }
    }

    /// What is known of the bar.
    fn rests_on(&self) -> &'static str {
        match self.why.learnt {
            Learnt::Nothing | Learnt::Labels => self.pick(
                "この線は目安で、この分類表で測ったものではない。",
                "This bar is a rule of thumb; nothing was measured for this taxonomy.",
            ),
            Learnt::Examples => self.pick(
                "この線から上では、学習に使っていない書き手の作例の 95 % が正しかった (実際のチケットは `toilscope evaluate` で測れる)。",
                "From this bar on, 95 % of invented tickets by hands not learnt from were right; `toilscope evaluate` measures yours.",
            ),
            Learnt::ExamplesAndLabels => self.pick(
                "この線は人のラベルを加える前に決めたもので、そこから上では学習に使っていない書き手の作例の 95 % が正しかった。",
                "The bar was set without your labels: from it on, 95 % of invented tickets by hands not learnt from were right.",
            ),
        }
    }

    /// The runner-up, where there is another pattern.
    fn second(&self) -> String {
        let mut others = self.why.chances.iter();
        let Some(second) = others.find(|one| one.pattern != self.found.pattern) else {
            return String::new();
        };
        let (name, chance) = (
            self.scene.pattern_name(&second.pattern),
            percent(second.probability),
        );
        self.pick(
            format!("次点は「{name}」{chance}。"),
            format!(" Second is “{name}” with {chance}."),
        )
    }

    fn exclusion(&self) -> Option<String> {
        let reason = self.found.excluded?;
        let name = self.pick(exclusion_ja(reason), reason.as_str());
        Some(match self.why.exclusion? {
            ExclusionCause::Deleted => self.pick(
                "依頼として数えない: 元のデータベースから削除されている。".to_owned(),
                "Not counted as a request: it was deleted at its source.".to_owned(),
            ),
            ExclusionCause::Status => {
                let status = self.scene.show(self.ticket.status.as_deref().unwrap_or_default());
                self.pick(
                    format!("依頼として数えない ({name}): ステータスが「{status}」。"),
                    format!("Not counted as a request ({name}): its status is “{status}”."),
                )
            }
            ExclusionCause::Cues => self.pick(
                format!(
                    "依頼として数えない ({name}): 下の「効いた言葉」で対象が「{}」のもの。",
                    reason.as_str()
                ),
                format!(
                    "Not counted as a request ({name}): see what spoke for “{}” below.",
                    reason.as_str()
                ),
            ),
        })
    }

    fn unlabelled(&self) -> Option<String> {
        let without = self.why.unlabelled.as_ref()?;
        let outcome = self.outcome(without);
        Some(self.pick(
            format!("人のラベルがひとつもなければ{outcome}。"),
            format!("Without any label of a person it would be {outcome}."),
        ))
    }

    pub(super) fn outcome(&self, outcome: &Outcome) -> String {
        let (pattern, sure) = (
            self.scene.pattern_name(&outcome.pattern),
            percent(outcome.confidence),
        );
        self.pick(format!("「{pattern}」({sure})"), format!("“{pattern}” ({sure})"))
    }

    /// What decided, as one cell.
    pub(super) fn method(&self) -> String {
        let grouped = self.found.method == Method::Cluster;
        let who = match (self.found.method, self.why.learnt) {
            (Method::Label, _) => self.pick("人のラベル", "a person's label"),
            (Method::None, _) => self.pick("なし", "nothing"),
            (Method::Rules, _) | (_, Learnt::Nothing) => self.pick("ルール", "the rules"),
            (Method::Learner | Method::Cluster, _) => self.pick("学習器", "the learner"),
        };
        match grouped {
            true => self.pick(
                format!("{who} (グループはクラスタリング)"),
                format!("{who}; the group by clustering"),
            ),
            false => who.to_owned(),
        }
    }
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Most decimals that two shares are told apart with.
const MOST_DECIMALS: usize = 4;

/// Writes a share and the bar it is held against with as many decimals as tell them apart: "80 % is below 80 %" would
/// be nonsense.
fn apart(share: f64, bar: Option<f64>) -> (String, Option<String>) {
    let Some(bar) = bar else {
        return (percent(share), None);
    };
    let written = |share: f64, decimals: usize| format!("{:.decimals$} %", share * 100.0);
    let differ = |decimals: &usize| {
        share.total_cmp(&bar).is_eq() || written(share, *decimals) != written(bar, *decimals)
    };
    let decimals = (0..MOST_DECIMALS).find(differ).unwrap_or(MOST_DECIMALS);
    (written(share, decimals), Some(written(bar, decimals)))
}

#[cfg(test)]
mod tests {
    use super::apart;
    use proptest::prelude::*;

    #[test]
    fn a_share_just_below_the_bar_is_not_written_as_the_bar() {
        assert_eq!(
            apart(0.796, Some(0.8)),
            ("79.6 %".to_owned(), Some("80.0 %".to_owned()))
        );
        assert_eq!(
            apart(0.8, Some(0.8)),
            ("80 %".to_owned(), Some("80 %".to_owned()))
        );
        assert_eq!(apart(0.41, None), ("41 %".to_owned(), None));
    }

    proptest! {
        #[test]
        fn what_is_written_is_ordered_as_what_is_meant(share in 0.0_f64..1.0, bar in 0.5_f64..1.0) {
            let (share_written, bar_written) = apart(share, Some(bar));
            let number = |text: &str| text.trim_end_matches(" %").parse::<f64>().expect("a number");
            let (written, of_bar) = (number(&share_written), number(&bar_written.expect("a bar")));
            if (share - bar).abs() > 1e-6 {
                prop_assert_eq!(written < of_bar, share < bar, "{} {}", written, of_bar);
            }
        }
    }
}
