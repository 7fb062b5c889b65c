//! A program that makes one call with the client that progenitor generates while it is built.

#![allow(dead_code, clippy::all, reason = "generated")]

include!(concat!(env!("OUT_DIR"), "/client.rs"));

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = format!("Bearer {}", std::env::var("TOKEN")?).try_into()?;
    let headers = [(reqwest::header::AUTHORIZATION, token)];
    let http = reqwest::Client::builder().default_headers(headers.into_iter().collect()).build()?;
    let client = Client::new_with_client(&std::env::var("URL")?, http);
    let call = client.delete_customer().x_tenant("TN").x_customer_id(42);
    let accepted = call.body_map(|body| body.owner_bid("1000052".to_owned())).send().await?;
    println!("{:?}", accepted.headers().get("x-cid"));
    Ok(())
}
