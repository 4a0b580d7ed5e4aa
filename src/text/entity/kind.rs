//! What an entity can be, and how its kind is written in masked text and in a taxonomy.

use std::ops::Range;

use super::network::url_parts;

/// The kind of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// A person: a known one, a name before さん or 様, a Slack mention.
    Person,
    /// A mail address.
    Mail,
    /// An account or group name behind an at sign.
    Handle,
    /// An address of a page or service, with or without a scheme.
    Url,
    /// A repository as `organisation/name`.
    Repository,
    /// A service by its kebab-case name: `kawasemi-api`.
    Service,
    /// A cloud project by its id: `minamo-kawasemi-prd`.
    Project,
    /// An environment: 本番, staging, `prd`.
    Environment,
    /// A role or the adjective of a permission: `roles/viewer`, owner, 閲覧 of 閲覧権限.
    Role,
    /// A day, a month, or a day relative to today, with a time when it is one timestamp.
    Date,
    /// A time of day.
    Time,
    /// A length of time.
    Duration,
    /// The number of a ticket, issue or pull request.
    TicketNumber,
    /// An IPv4 or IPv6 address or network.
    Ip,
    /// A host or domain name.
    Host,
    /// A telephone number in a Japanese format.
    Phone,
    /// A cloud account of twelve digits.
    Account,
    /// A credential; see `SecretKind`.
    Secret,
    /// A count or a measure with its unit: 3名, 50%, 4gi.
    Number,
}

impl EntityKind {
    /// Every kind, in declaration order.
    pub const ALL: [Self; 19] = [
        Self::Person,
        Self::Mail,
        Self::Handle,
        Self::Url,
        Self::Repository,
        Self::Service,
        Self::Project,
        Self::Environment,
        Self::Role,
        Self::Date,
        Self::Time,
        Self::Duration,
        Self::TicketNumber,
        Self::Ip,
        Self::Host,
        Self::Phone,
        Self::Account,
        Self::Secret,
        Self::Number,
    ];

    /// Gives the name of the kind as a taxonomy writes it: `person`, `ticket`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.placeholder().trim_matches(['⟨', '⟩'])
    }

    /// Finds the kind of a name, `None` for a name that no kind has.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Gives what stands in masked text for an entity of this kind: `⟨person⟩`.
    #[must_use]
    pub fn placeholder(self) -> &'static str {
        match self {
            Self::Person => "⟨person⟩",
            Self::Mail => "⟨mail⟩",
            Self::Handle => "⟨handle⟩",
            Self::Url => "⟨url⟩",
            Self::Repository => "⟨repository⟩",
            Self::Service => "⟨service⟩",
            Self::Project => "⟨project⟩",
            Self::Environment => "⟨environment⟩",
            Self::Role => "⟨role⟩",
            Self::Date => "⟨date⟩",
            Self::Time => "⟨time⟩",
            Self::Duration => "⟨duration⟩",
            Self::TicketNumber => "⟨ticket⟩",
            Self::Ip => "⟨ip⟩",
            Self::Host => "⟨host⟩",
            Self::Phone => "⟨phone⟩",
            Self::Account => "⟨account⟩",
            Self::Secret => "⟨secret⟩",
            Self::Number => "⟨number⟩",
        }
    }
}

/// An entity in a text: what it is and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// The kind of the entity.
    pub kind: EntityKind,
    /// Byte range in the text that was searched.
    pub range: Range<usize>,
}

impl Entity {
    /// Gives the entity as it stands in the text that was searched; `""` for any other text too short for it.
    #[must_use]
    pub fn value<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.range.clone()).unwrap_or_default()
    }

    /// Gives the host of a URL, or the host itself, without user, port and path.
    #[must_use]
    pub fn host<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self.kind {
            EntityKind::Url => Some(&text[url_parts(text, &self.range).host]).filter(|host| !host.is_empty()),
            EntityKind::Host => Some(self.value(text)),
            _ => None,
        }
    }

    /// Gives `organisation/name` of a repository, also out of the URL of one on a known forge.
    #[must_use]
    pub fn repository<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self.kind {
            EntityKind::Repository => Some(self.value(text)),
            EntityKind::Url => url_parts(text, &self.range).repository(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in EntityKind::ALL {
            assert_eq!(EntityKind::from_name(kind.name()), Some(kind));
            assert!(kind.name().bytes().all(|b| b.is_ascii_lowercase()));
        }
        assert_eq!(EntityKind::from_name("colour"), None);
    }
}
