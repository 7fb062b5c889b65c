//! Both clients at work against a sandbox, step by step.
//!
//! Each step is one line: what was sent, with what is personal redacted by the clients' own types,
//! and what came back. The steps show what a caller meets: calls and their events, a token that is
//! renewed, a request that is tried again, and one error of each kind.

mod click_to_pay;
mod payments;
mod stage;

use std::error::Error;
use std::io::Write;

use sandbox::Sandbox;

use stage::Stage;

/// Shows every step, and tells whether all of them did what they say.
///
/// # Errors
/// When a client can't be set up, or `out` can't be written to.
pub async fn run(sandbox: &Sandbox, out: &mut (dyn Write + Send)) -> Result<bool, Box<dyn Error>> {
    let mut stage = Stage::new(out);
    stage.tell("Sandbox", "a local server that behaves as the published APIs do")?;
    click_to_pay::show(sandbox, &mut stage).await?;
    payments::show(sandbox, &mut stage).await?;
    stage.finish()
}
