//! The kinds of credentials, as placeholders and findings name them.

/// The kind of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKind {
    /// An AWS access key id.
    AwsKeyId,
    /// An AWS secret access key.
    AwsSecret,
    /// A GitHub token of any type.
    GithubToken,
    /// A GitLab token.
    GitlabToken,
    /// A Slack token.
    SlackToken,
    /// The path of a Slack webhook.
    SlackWebhook,
    /// A Google API key or OAuth secret.
    GoogleKey,
    /// A private key block.
    PrivateKey,
    /// A JSON web token.
    Jwt,
    /// A Stripe key.
    StripeKey,
    /// A `SendGrid` key.
    SendgridKey,
    /// A token of a package registry.
    RegistryToken,
    /// A Vault token.
    VaultToken,
    /// A Notion token.
    NotionToken,
    /// A key of a language model provider.
    ModelKey,
    /// A Datadog API or application key.
    DatadogKey,
    /// User and password inside a URL.
    UrlPassword,
    /// What stands behind "password:".
    Password,
    /// The value of an authorization header.
    Authorization,
    /// A random value near a word such as token or key.
    Generic,
}

impl SecretKind {
    /// Gives the name of the kind as placeholders and findings write it: `github-token`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AwsKeyId => "aws-key-id",
            Self::AwsSecret => "aws-secret",
            Self::GithubToken => "github-token",
            Self::GitlabToken => "gitlab-token",
            Self::SlackToken => "slack-token",
            Self::SlackWebhook => "slack-webhook",
            Self::GoogleKey => "google-key",
            Self::PrivateKey => "private-key",
            Self::Jwt => "jwt",
            Self::StripeKey => "stripe-key",
            Self::SendgridKey => "sendgrid-key",
            Self::RegistryToken => "registry-token",
            Self::VaultToken => "vault-token",
            Self::NotionToken => "notion-token",
            Self::ModelKey => "model-key",
            Self::DatadogKey => "datadog-key",
            Self::UrlPassword => "url-password",
            Self::Password => "password",
            Self::Authorization => "authorization",
            Self::Generic => "generic",
        }
    }
}
