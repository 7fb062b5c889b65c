//! The same call as a team writes it for itself.

use std::time::Duration;

#[derive(serde::Serialize)]
struct Customer {
    owner_bid: String,
}

#[derive(Debug, serde::Deserialize)]
#[allow(dead_code)]
struct Refused {
    code: i64,
    message: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let http = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let customer = Customer { owner_bid: "1000052".to_owned() };
    let answer = http
        .delete(format!("{}/v1/clicktopay/visa/manage/customer", std::env::var("URL")?))
        .bearer_auth(std::env::var("TOKEN")?)
        .header("x-tenant", "TN")
        .header("x-customer-id", 42)
        .header("x-cid", uuid::Uuid::new_v4().to_string())
        .header("content-type", "application/json")
        .body(serde_json::to_vec(&customer)?)
        .send()
        .await?;
    match answer.status().as_u16() {
        202 => println!("accepted"),
        _ => println!("{:?}", serde_json::from_slice::<Refused>(&answer.bytes().await?)),
    }
    Ok(())
}
