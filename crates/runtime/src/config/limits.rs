use serde::Deserialize;

/// How often somebody may do something: `[limits]`. What is not set has a default, in development a generous one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    api_by_user: Option<Limit>,
    api_by_address: Option<Limit>,
    log_in_by_account: Option<Limit>,
    log_in_by_address: Option<Limit>,
    join_by_account: Option<Limit>,
    join_by_address: Option<Limit>,
    invitations_by_realm: Option<Limit>,
    /// Set from `server.development`.
    #[serde(skip)]
    pub(super) development: bool,
}

/// So many calls in so many seconds; 0 calls: no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Calls in a window.
    pub calls: i64,
    /// Length of the window.
    pub seconds: i64,
}

impl LimitsConfig {
    /// `api_by_user`: API calls of one user.
    pub fn api_by_user(&self) -> Limit {
        self.or_default(
            self.api_by_user,
            Limit {
                calls: 200,
                seconds: 60,
            },
            1_000_000,
        )
    }

    /// `api_by_address`: API calls without log-in from one address.
    pub fn api_by_address(&self) -> Limit {
        self.or_default(
            self.api_by_address,
            Limit {
                calls: 200,
                seconds: 60,
            },
            1_000_000,
        )
    }

    /// `log_in_by_account`: failed log-ins to one account.
    pub fn log_in_by_account(&self) -> Limit {
        self.or_default(
            self.log_in_by_account,
            Limit {
                calls: 5,
                seconds: 1800,
            },
            20,
        )
    }

    /// `log_in_by_address`: log-ins from one address.
    pub fn log_in_by_address(&self) -> Limit {
        self.or_default(
            self.log_in_by_address,
            Limit {
                calls: 50,
                seconds: 3600,
            },
            100_000,
        )
    }

    /// `join_by_account`: mails that prove an address, to one address.
    pub fn join_by_account(&self) -> Limit {
        self.or_default(
            self.join_by_account,
            Limit {
                calls: 3,
                seconds: 3600,
            },
            20,
        )
    }

    /// `join_by_address`: mails that prove an address, asked for from one address.
    pub fn join_by_address(&self) -> Limit {
        self.or_default(
            self.join_by_address,
            Limit {
                calls: 20,
                seconds: 3600,
            },
            100_000,
        )
    }

    /// `invitations_by_realm`: addresses that a realm invites.
    pub fn invitations_by_realm(&self) -> Limit {
        self.or_default(
            self.invitations_by_realm,
            Limit {
                calls: 100,
                seconds: 86_400,
            },
            100_000,
        )
    }

    fn or_default(&self, set: Option<Limit>, default: Limit, in_development: i64) -> Limit {
        let calls = if self.development {
            in_development
        } else {
            default.calls
        };
        set.unwrap_or(Limit { calls, ..default })
    }
}
