//! `--fail-if` and `--warn-if`: what a quarterly job should stop or speak up for.

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::messages::say;
use crate::compose::Scene;
use crate::conditions::Condition;
use crate::taxonomy::Taxonomy;

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Conditions")]
pub(super) struct ConditionArgs {
    /// End with exit code 6 if this holds, for instance unassigned>10%, open>30, account:clear_rise; the answer is written
    /// all the same; may be given several times
    #[arg(long, value_name = "CONDITION", value_parser = condition)]
    pub(super) fail_if: Vec<Condition>,
    /// Say on standard error if this holds; may be given several times
    #[arg(long, value_name = "CONDITION", value_parser = condition)]
    pub(super) warn_if: Vec<Condition>,
}

fn condition(text: &str) -> Result<Condition, String> {
    text.parse()
}

/// What held, in the order of the arguments.
#[derive(Debug, Default)]
pub(super) struct Held {
    failed: Vec<String>,
    warned: Vec<String>,
}

impl ConditionArgs {
    /// Checks that every id that is asked for can be one.
    ///
    /// # Errors
    ///
    /// A usage error with the ids there are.
    pub(super) fn check(&self, taxonomy: &Taxonomy) -> Result<(), Failure> {
        let known =
            |id: &str| taxonomy.pattern(id).is_some() || taxonomy.sub(id).is_some() || id.starts_with('~');
        let stranger = self
            .fail_if
            .iter()
            .chain(&self.warn_if)
            .find(|condition| condition.id().is_some_and(|id| !known(id)));
        let Some(condition) = stranger else {
            return Ok(());
        };
        let id = condition.id().unwrap_or_default();
        let patterns: Vec<&str> = taxonomy
            .patterns
            .iter()
            .map(|pattern| pattern.id.as_str())
            .collect();
        let hint = match taxonomy.current_id(id) {
            Some(now) => format!("{id} was given up; {now} follows it"),
            None => format!(
                "use any, a pattern ({}), a sub-pattern, or a group (~ and eight digits)",
                patterns.join(", ")
            ),
        };
        Err(Failure::Usage {
            message: format!("the condition {condition} asks for {id:?}, which the taxonomy does not have"),
            hint,
        })
    }

    /// Finds the conditions that hold.
    pub(super) fn held(&self, scene: &Scene<'_>) -> Held {
        if self.fail_if.is_empty() && self.warn_if.is_empty() {
            return Held::default();
        }
        let facts = scene.facts();
        // A condition that cannot be looked at must not pass for one that does not hold.
        for condition in self.fail_if.iter().chain(&self.warn_if) {
            if condition.is_open(&facts) {
                say(&format!(
                    "warning: {condition} was not looked at: there is no earlier run to compare with; runs stand in the store (`toilscope import FILE`, then `toilscope report`)"
                ));
            }
        }
        let of = |conditions: &[Condition]| {
            let held = conditions
                .iter()
                .filter_map(|condition| Some(format!("{condition}: {}", condition.holds(&facts)?)));
            held.collect()
        };
        Held {
            failed: of(&self.fail_if),
            warned: of(&self.warn_if),
        }
    }
}

impl Held {
    /// Says what held, once the answer is written. Warnings are no chatter: `--quiet` does not silence them.
    ///
    /// # Errors
    ///
    /// [`Failure::Condition`] if a condition of `--fail-if` held.
    pub(super) fn settle(self) -> Result<(), Failure> {
        self.warned
            .iter()
            .for_each(|held| say(&format!("warning: {held}")));
        if self.failed.is_empty() {
            Ok(())
        } else {
            Err(Failure::Condition { held: self.failed })
        }
    }
}
