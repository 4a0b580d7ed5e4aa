//! Kinds of English words: what sort of thing one names, or what sort of deed, so that "put the intern on the list" and
//! "add our contractor to the channel" have something in common.
//!
//! A title of five words is mostly words that no example has in that place, but their kinds are few. Written from what
//! such teams are asked for; the names of systems are the taxonomy's.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::text::segment::stem;

/// Kinds, and the words of each, which count in every inflected form. A word may be of several.
const KINDS: &[(&str, &str)] = &[
    (
        "give",
        "add admit allow allowlist assign authorise authorize elevate enrol enroll give grant include invite \
         join let onboard open permit promote put subscribe unblock whitelist",
    ),
    (
        "take",
        "ban block close cut deactivate delete demote disable downgrade drop expel kick kill limit lock \
         offboard prune purge remove restrict retire revoke strip suspend take throw tighten unsubscribe \
         withdraw",
    ),
    (
        "make",
        "bootstrap bring build buy clone copy create deploy fork generate get host issue launch make mint \
         mirror order provision register reserve scaffold set spin stand",
    ),
    (
        "change",
        "adjust archive attach bump change configure connect double enable exclude expand extend flip forward \
         hook increase install lift link lower migrate move mute patch pin point raise redirect reduce rename \
         renew replace resize rotate route scale schedule shrink silence store swap switch transfer tune turn \
         update upgrade wire",
    ),
    (
        "power",
        "boot bounce pause reboot rebuild recreate redeploy refresh reimage reinstall rerun reset restart \
         restore resume roll shut start stop wake",
    ),
    ("recover", "reactivate recover reinstate reissue resend unlock"),
    (
        "look",
        "analyse analyze check compare debug diagnose dig dump examine explain export extract fetch figure \
         find inspect investigate list look pull see trace track verify",
    ),
    (
        "judge",
        "advise approve assess comment consider consult decide discuss evaluate feedback recommend review \
         suggest think",
    ),
    (
        "develop",
        "animate bugfix cache chore convert cover deprecate design display document draft extract feat \
         feature fix handle hide highlight implement improve lint localise localize merge mock optimise \
         optimize paginate parse polish port proofread publish redesign refactor refactoring release render \
         rewrite ship show simplify sort support test translate validate write",
    ),
    (
        "organise",
        "announce arrange book celebrate collect host invite organise organize plan post prepare print remind \
         send ship",
    ),
    (
        "person",
        "admin agency analyst apprentice auditor boss ceo cfo colleague committer consultant contractor \
         contributor cto designer developer employee engineer everyone external externals freelancer guest he \
         her him hire intern joiner lead leaver maintainer manager me mentor newcomer partner people person \
         she somebody someone squad staff starter student successor supplier teammate tester them they \
         trainee us vendor volunteer",
    ),
    (
        "name",
        "aaron adam ahmed aiko akira alan alba alex alexander alice alina amir amy ana anders andrea andrew \
         anita anja anna anton antonio arjun arthur asha astrid ayse barbara ben benjamin bob boris brian \
         bruno carla carlos carmen caroline charlie chen chloe chris christian claire clara colin dan daniel \
         dave david deepak diana diego dmitri elena eli elif elisa elizabeth ella emil emily emma eric erik \
         eva fatima felix fiona francesca frank fred gabriel george giulia greg hana hannah hans harry hassan \
         heidi helen henry hiro hugo ian igor ingrid irene isabel ivan jack jacob jakub james jan jane jason \
         jean jenny jens jin joan joe johan john jonas jose joseph josh julia julian julie kai karen karin \
         karl kate katya keiko ken kenji kevin kim klaus kofi lars laura lea lena leo li liam lina linda lisa \
         liz louis lucas lucia lucy luis luka maja marco maria marie mark marta martin mary mateo matt max \
         maya mei michael miguel mike mila milan mohammed monica nadia natasha nick nikhil nina noah nora ola \
         oleg olga oliver omar oscar pablo patrick paul paula pedro peter petra philip pierre piotr priya \
         rachel rafael rahul raj ravi rebecca robert rosa ruth ryan sam samuel sandra sanjay sara sarah sasha \
         sean sergei simon sofia sophie stefan stephen steve sue susan sven tanya tara theo thomas tim tina \
         tobias tom tomas tomoko valentina vera victor vikram viktor wei will william yan yuki yusuf zoe",
    ),
    (
        "account",
        "account licence license login mailbox member membership profile seat signup sso user",
    ),
    (
        "secondfactor",
        "2fa authenticator factor mfa otp passkey password totp yubikey",
    ),
    (
        "group",
        "alias channel group list mailing org organisation organization roster rota schedule team usergroup \
         workspace",
    ),
    (
        "access",
        "access acl admin allowlist clearance edit editor entitlement iam owner ownership permission policy \
         privilege rbac read readonly right role root scope sudo viewer write",
    ),
    (
        "key",
        "apikey cert certificate credential key keypair pat secret token",
    ),
    (
        "place",
        "account box bucket cluster database db dev disk environment host instance machine mirror namespace \
         node pod preview prod project qa queue registry replica repo repository runner sandbox server share \
         staging stg subscription topic vm volume",
    ),
    (
        "setting",
        "alert branch capacity cname concurrency config cpu cron default disk dns flag header image \
         integration label library limit memory module monitor mx package plugin policy quota record redirect \
         retention rule runner schedule setting size tag template threshold timeout toggle ttl txt variable \
         version webhook",
    ),
    (
        "trouble",
        "blank broken corrupt crash dead delay denied down duplicate empty error expired fail failure flaky \
         garbled hang lag late latency leak loop lost missing oom outage slow spike stale stuck timeout \
         warning wrong",
    ),
    (
        "ui",
        "app avatar badge banner breadcrumb button card carousel cart chart checkbox checkout color colour \
         column copy dialog dropdown field filter font footer form header homepage icon input label landing \
         layout link logo menu modal navbar page placeholder popup row screen sidebar spinner tab text theme \
         toast toggle tooltip view widget wizard wording",
    ),
    (
        "customer",
        "buyer client customer guest listener merchant passenger patient player reader seller shopper signup \
         subscriber tenant traveller viewer visitor",
    ),
    (
        "content",
        "announcement article blog brochure changelog doc docs documentation example faq flyer glossary guide \
         handbook leaflet newsletter post poster press questionnaire quiz readme recording slide survey \
         translation tutorial video",
    ),
    (
        "event",
        "agenda booth call conference demo dinner election flight hackathon hotel kickoff lunch meeting \
         meetup minutes offsite party retro sprint standup talk training travel trip vote workshop",
    ),
    (
        "goods",
        "adapter badge cable chair coffee courier desk dongle door headset heating keyboard laptop monitor \
         mouse mug office parcel phone printer room screen shirt sim sticker swag toner window",
    ),
    (
        "money",
        "budget contract cost expense invoice payment po price purchase quote refund reimbursement tax",
    ),
    (
        "code",
        "algorithm api backend class cli client component controller endpoint frontend function handler job \
         method middleware migration model module parser refactor schema sdk test unit",
    ),
    (
        "story",
        "acceptance backlog criteria epic milestone mvp persona rfc roadmap spike story ticket",
    ),
    (
        "failing",
        "break crash die disappear drop expire fail freeze hang lose miss refuse reject stop vanish",
    ),
];

static BY_STEM: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
    let mut kinds: HashMap<String, Vec<&'static str>> = HashMap::new();
    for (kind, words) in KINDS {
        for word in words.split_ascii_whitespace() {
            let of = kinds.entry(stem(word).into_owned()).or_default();
            if !of.contains(kind) {
                of.push(kind);
            }
        }
    }
    kinds
});

/// The kinds of a word without its ending; none if it is not known.
pub(super) fn kinds(stem: &str) -> &'static [&'static str] {
    BY_STEM.get(stem).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::kinds;

    #[test]
    fn inflected_words_have_the_kinds_of_their_stem() {
        assert_eq!(kinds("contractor"), ["person"]);
        assert_eq!(kinds(&crate::text::segment::stem("invited")), kinds("invite"));
        assert!(kinds("tessellate").is_empty());
    }
}
