//! The token that opens a workspace. It appears nowhere: not in `Debug`, messages, logs or the store.

use secrecy::{ExposeSecret, SecretString};

/// An integration token or personal access token.
#[derive(Debug, Clone)]
pub struct Token(SecretString);

impl Token {
    /// Takes a token as a file or variable holds it; surrounding white space is dropped. `None` if nothing is left or
    /// if it holds what no header can carry.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_plain.then(|| Self(SecretString::from(text)))
    }

    /// Takes the token out of a text that came from outside.
    pub(super) fn hidden_in(&self, text: &str) -> String {
        text.replace(self.0.expose_secret(), "(token)")
    }

    /// The value of the header that carries it.
    pub(super) fn bearer(&self) -> SecretString {
        SecretString::from(format!("Bearer {}", self.0.expose_secret()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_does_not_show_itself() {
        let token = Token::new(" ntn_secret\n").unwrap();
        assert!(!format!("{token:?}").contains("ntn_secret"));
        assert_eq!(token.hidden_in("a ntn_secret b"), "a (token) b");
        assert_eq!(token.bearer().expose_secret(), "Bearer ntn_secret");
    }

    #[test]
    fn what_no_header_can_carry_is_no_token() {
        for text in ["", " \n", "a b", "a\nb", "秘密"] {
            assert!(Token::new(text).is_none(), "{text:?}");
        }
    }
}
