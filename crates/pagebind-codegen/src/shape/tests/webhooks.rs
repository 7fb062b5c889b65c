//! Webhooks.

use serde_json::json;

use crate::generate;

#[test]
fn losses_of_a_webhook_s_body_stand_where_it_is_published() {
    let schema = json!({ "type": "object", "propertyNames": { "maxLength": 3 } });
    let content = json!({ "application/json": { "schema": schema } });
    let generated = generate(&json!({
        "openapi": "3.1.0",
        "info": { "title": "Cards", "version": "1" },
        "webhooks": { "sold": { "post": { "requestBody": { "content": content } } } },
    }));
    let generated = generated.unwrap();
    assert!(generated.source.contains("pub fn sold("));
    let places: Vec<_> = generated.losses.iter().map(|loss| loss.pointer.as_str()).collect();
    let place = "/webhooks/sold/post/requestBody/content/application~1json/schema/propertyNames";
    assert_eq!(places, [place]);
}
