//! The short link: what stands in the code and below it.

/// Where the server is reached: an origin, `https://host[:port]`, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    origin: String,
}

/// The questionnaire to which a short link leads if it names none.
pub const GENERAL: &str = "resident";

impl Address {
    /// The address of an origin.
    pub fn new(origin: &str) -> Address {
        Address {
            origin: origin.trim_end_matches('/').to_owned(),
        }
    }

    /// The link of a site's poster. Site codes and questionnaire ids need no escaping, see
    /// `survey::check`.
    pub fn link(&self, site: &str, questionnaire: &str) -> String {
        let query = if questionnaire == GENERAL {
            String::new()
        } else {
            format!("?q={questionnaire}")
        };
        format!("{}/q/{site}{query}", self.origin)
    }

    /// Whether nobody but the machine itself can follow its links.
    pub fn is_loopback(&self) -> bool {
        let host = self.origin.split_once("://").map_or("", |(_, host)| host);
        // The port goes, the colons of an IPv6 address stay.
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
            _ => host,
        };
        let name = name.trim_start_matches('[').trim_end_matches(']');
        name == "localhost"
            || name.ends_with(".localhost")
            || name
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
    }
}

/// A link as people type it: every browser adds `https://` by itself.
pub fn typed(link: &str) -> &str {
    link.strip_prefix("https://").unwrap_or(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_short_and_names_another_questionnaire_only_if_it_must() {
        let address = Address::new("https://wendu.example/");
        assert_eq!(
            address.link("S002", "resident"),
            "https://wendu.example/q/S002"
        );
        assert_eq!(
            address.link("S002", "merchant"),
            "https://wendu.example/q/S002?q=merchant"
        );
        assert_eq!(
            typed(&address.link("S002", "resident")),
            "wendu.example/q/S002"
        );
        assert_eq!(typed("http://a.example/q/S002"), "http://a.example/q/S002");
    }

    #[test]
    fn an_address_that_leads_to_this_machine_only_is_known() {
        for local in [
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://[::1]:80",
            "http://[::1]",
            "http://0.0.0.0:1",
        ] {
            assert!(Address::new(local).is_loopback(), "{local}");
        }
        for public in [
            "https://wendu.example",
            "http://192.168.1.7:8080",
            "https://[2001:db8::1]",
            "https://127.0.0.1.example",
        ] {
            assert!(!Address::new(public).is_loopback(), "{public}");
        }
    }
}
