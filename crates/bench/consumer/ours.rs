//! A program that makes one call with the client.

use visa_click_to_pay::{Client, Token, types::ClickToPayDeleteCustomerRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(std::env::var("URL")?).tenant("TN").build()?;
    let client = client.with_token(Token::new(std::env::var("TOKEN")?)?);
    let customer = ClickToPayDeleteCustomerRequest::builder().owner_bid("1000052");
    let accepted = client.delete_customer().x_customer_id(42).body(customer).send().await?;
    println!("{:?}", accepted.correlation_id());
    Ok(())
}
