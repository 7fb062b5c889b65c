//! Which rule about requests is which rule about responses, read backwards.
//!
//! The grid of schema rules is its own mirror. Of all other rules about a request or a response,
//! each has its mirror here, or a reason why there is none; a test holds that.

use super::{api, rule::Rule};

/// A rule about requests, the one about responses that is its inverse, and why they weigh
/// differently, if they do.
pub static MIRRORS: &[(&Rule, &Rule, &str)] = &[
    (&api::NEW_REQUIRED_PROPERTY, &api::RESPONSE_REQUIRED_PROPERTY_REMOVED, ""),
    (&api::NEW_REQUIRED_PROPERTY_WITH_DEFAULT, &api::RESPONSE_REQUIRED_PROPERTY_REMOVED, ""),
    (&api::NEW_OPTIONAL_PROPERTY, &api::RESPONSE_OPTIONAL_PROPERTY_REMOVED, GONE),
    (&api::REQUEST_PROPERTY_REMOVED, &api::RESPONSE_OPTIONAL_PROPERTY_ADDED, GONE),
    (&api::REQUEST_PROPERTY_REMOVED, &api::RESPONSE_REQUIRED_PROPERTY_ADDED, GONE),
    (
        &api::REQUEST_READ_ONLY_PROPERTY_REMOVED,
        &api::RESPONSE_OPTIONAL_WRITE_ONLY_PROPERTY_ADDED,
        "",
    ),
    (
        &api::REQUEST_READ_ONLY_PROPERTY_REMOVED,
        &api::RESPONSE_REQUIRED_WRITE_ONLY_PROPERTY_ADDED,
        "",
    ),
    (&api::NEW_OPTIONAL_PROPERTY, &api::RESPONSE_OPTIONAL_WRITE_ONLY_PROPERTY_REMOVED, ""),
    (&api::NEW_OPTIONAL_PROPERTY, &api::RESPONSE_REQUIRED_WRITE_ONLY_PROPERTY_REMOVED, ""),
    (&api::REQUEST_REQUIRED_BECAME_NOT_READ_ONLY, &api::RESPONSE_REQUIRED_BECAME_WRITE_ONLY, ""),
    (&api::REQUEST_REQUIRED_BECAME_READ_ONLY, &api::RESPONSE_REQUIRED_BECAME_NOT_WRITE_ONLY, ""),
    (&api::REQUEST_OPTIONAL_BECAME_NOT_READ_ONLY, &api::RESPONSE_OPTIONAL_BECAME_WRITE_ONLY, GONE),
    (&api::REQUEST_OPTIONAL_BECAME_READ_ONLY, &api::RESPONSE_OPTIONAL_BECAME_NOT_WRITE_ONLY, ""),
    (&api::REQUEST_REQUIRED_BECAME_WRITE_ONLY, &api::RESPONSE_REQUIRED_BECAME_NOT_READ_ONLY, ""),
    (&api::REQUEST_REQUIRED_BECAME_NOT_WRITE_ONLY, &api::RESPONSE_REQUIRED_BECAME_READ_ONLY, ""),
    (&api::REQUEST_OPTIONAL_BECAME_WRITE_ONLY, &api::RESPONSE_OPTIONAL_BECAME_NOT_READ_ONLY, ""),
    (&api::REQUEST_OPTIONAL_BECAME_NOT_WRITE_ONLY, &api::RESPONSE_OPTIONAL_BECAME_READ_ONLY, ""),
    (&api::BODY_MEDIA_TYPE_ADDED, &api::RESPONSE_MEDIA_TYPE_ADDED, ""),
    (&api::BODY_MEDIA_TYPE_REMOVED, &api::RESPONSE_MEDIA_TYPE_REMOVED, ""),
    (&api::BODY_MEDIA_TYPE_ADDED, &api::RESPONSE_MEDIA_TYPE_SPECIALIZED, ""),
    (&api::BODY_MEDIA_TYPE_REMOVED, &api::RESPONSE_MEDIA_TYPE_GENERALIZED, ""),
    (
        &api::BODY_SCHEMA_ADDED,
        &api::RESPONSE_SCHEMA_REMOVED,
        "without a schema nothing is promised of a response, which says nothing of what comes",
    ),
    (&api::BODY_SCHEMA_REMOVED, &api::RESPONSE_SCHEMA_ADDED, ""),
    (&api::BODY_ADDED_REQUIRED, &api::SUCCESS_STATUS_REMOVED, ""),
    (&api::NEW_REQUIRED_PARAMETER, &api::REQUIRED_HEADER_REMOVED, ""),
    (&api::NEW_PATH_PARAMETER, &api::REQUIRED_HEADER_REMOVED, ""),
    (&api::NEW_OPTIONAL_PARAMETER, &api::OPTIONAL_HEADER_REMOVED, GONE),
    (&api::PARAMETER_REMOVED, &api::HEADER_ADDED, GONE),
    (&api::PARAMETER_REMOVED_DEPRECATED, &api::HEADER_ADDED, GONE),
    (&api::PARAMETER_STYLE_CHANGED, &api::HEADER_STYLE_CHANGED, ""),
    (&api::BODY_ENCODING_CHANGED, &api::RESPONSE_ENCODING_CHANGED, ""),
];

/// Rules about one direction that have no mirror, and why.
pub static ALONE: &[(&Rule, &str)] = &[
    (
        &api::BECAME_REQUIRED_WITH_DEFAULT,
        "a default does nothing for a response: `response-property-became-optional` is its mirror, whatever the default",
    ),
    (&api::PARAMETER_MOVED, "response headers are nowhere but among the headers"),
    (&api::PATH_PARAMETER_RENAMED, "no response has a path"),
    (&api::EMPTY_VALUE_ALLOWED, "only parameters in the query have a word for an empty value"),
    (&api::EMPTY_VALUE_FORBIDDEN, "only parameters in the query have a word for an empty value"),
    (
        &api::BODY_ADDED_OPTIONAL,
        "a response always has a status, and its body is a media type of that",
    ),
    (&api::BODY_REMOVED, "a response always has a status, and its body is a media type of that"),
    (&api::SUCCESS_STATUS_ADDED, "requests have no status"),
    (&api::OTHER_STATUS_ADDED, "requests have no status"),
    (&api::OTHER_STATUS_REMOVED, "requests have no status"),
    (&api::STATUS_LEFT_RANGE, "requests have no status"),
    (&api::STATUS_JOINED_RANGE, "requests have no status"),
    (&api::RESPONSE_DESCRIPTION_CHANGED, "`request-body-description-changed` is one of the grid"),
    (
        &api::RESPONSE_MEDIA_TYPE_NAME_CHANGED,
        "a parameter of a request's media type is for the client to choose",
    ),
    (&api::LINK_CHANGED, "only responses have links"),
];

const GONE: &str = "what is taken away from a consumer is worth a look in either direction, what is added in neither";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirrors_weigh_the_same_or_say_why_not() {
        for (request, response, reason) in MIRRORS {
            let same = request.severity == response.severity;
            assert_eq!(same, reason.is_empty(), "{} and {}", request.id, response.id);
        }
    }

    #[test]
    fn every_rule_about_one_direction_has_its_mirror_or_a_reason() {
        for rule in api::ALL {
            let about_one =
                ["request-", "response-", "new-", "required-response-", "optional-response-"];
            if !about_one.iter().any(|start| rule.id.starts_with(start)) {
                continue;
            }
            let mirrored = MIRRORS.iter().any(|(a, b, _)| a == rule || b == rule);
            let alone = ALONE.iter().any(|(a, _)| a == rule);
            assert!(mirrored != alone, "{}: mirrored {mirrored}, alone {alone}", rule.id);
        }
    }
}
