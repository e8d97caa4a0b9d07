//! URLs of specifications: `https://specs.apollo.dev/federation/v2.3`.

use super::Version;

/// A specification's URL, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SpecUrl {
    /// All before the version.
    pub(super) identity: String,
    /// The last segment of the identity.
    pub(super) name: String,
    /// The version.
    pub(super) version: Version,
}

impl SpecUrl {
    /// Reads a URL; the error says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let text = text.split(['#', '?']).next().unwrap_or_default();
        let text = text.strip_suffix('/').unwrap_or(text);
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err("it is not a URL".to_owned());
        };
        let Some((authority, path)) = rest.split_once('/') else {
            return Err("it has no path".to_owned());
        };
        let (directory, last) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(version) = Version::parse(last) else {
            return Err(format!(
                "it must end in a version such as `v1.0`, not in `{last}`"
            ));
        };
        let name = directory.rsplit('/').next().unwrap_or_default();
        if name.is_empty() {
            return Err("it names no specification before the version".to_owned());
        }
        let host = authority.rsplit('@').next().unwrap_or(authority);
        Ok(Self {
            identity: format!(
                "{}://{}/{directory}",
                scheme.to_ascii_lowercase(),
                host.to_ascii_lowercase()
            ),
            name: name.to_owned(),
            version,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_url_apart() {
        let url = SpecUrl::parse("https://specs.apollo.dev/federation/v2.13").unwrap();
        assert_eq!(url.identity, "https://specs.apollo.dev/federation");
        assert_eq!(
            (url.name.as_str(), url.version),
            ("federation", Version::new(2, 13))
        );
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, reason) in [
            ("federation", "not a URL"),
            ("https://specs.apollo.dev", "no path"),
            (
                "https://specs.apollo.dev/federation",
                "must end in a version",
            ),
            (
                "https://specs.apollo.dev/federation/v02.0",
                "must end in a version",
            ),
            ("https://specs.apollo.dev/v2.0", "names no specification"),
        ] {
            let error = SpecUrl::parse(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
