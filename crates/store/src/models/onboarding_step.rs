//! Which hints for new users a user has seen.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::UserId;

use crate::error::Result;
use crate::schema::onboarding_steps;
use crate::store::Conn;

/// Which hints for new users a user has seen.
pub struct OnboardingStep;

impl OnboardingStep {
    /// Those that a user has seen.
    pub async fn seen_by(conn: &mut Conn, user: UserId) -> Result<Vec<String>> {
        let query = onboarding_steps::table.filter(onboarding_steps::user_id.eq(user.0));
        Ok(query.select(onboarding_steps::step).load(conn).await?)
    }

    /// The user has seen it; `false` if that was known.
    pub async fn see(
        conn: &mut Conn,
        user: UserId,
        step: &str,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let insert = diesel::insert_into(onboarding_steps::table)
            .values((
                onboarding_steps::user_id.eq(user.0),
                onboarding_steps::step.eq(step),
                onboarding_steps::seen_at.eq(now),
            ))
            .on_conflict_do_nothing();
        Ok(insert.execute(conn).await? > 0)
    }
}
