//! Rules about everything but the inside of schemas: operations, parameters, bodies, security,
//! servers, pages.

use std::borrow::Cow;

use super::rule::{Peer, Rule};
use crate::finding::{Severity, Wire};

const B: Severity = Severity::Breaking;
const W: Severity = Severity::Warning;
const I: Severity = Severity::Info;
const PB: Peer = Some(B);
const PW: Peer = Some(W);
const PI: Peer = Some(I);
const N: Peer = None;

const fn rule(id: &'static str, severity: Severity, peer: Peer, reason: &'static str) -> Rule {
    Rule {
        id: Cow::Borrowed(id),
        severity,
        wire: Wire::of(severity),
        prose: false,
        untold: false,
        peer,
        reason,
    }
}

impl Rule {
    const fn wire(mut self, wire: Wire) -> Self {
        self.wire = wire;
        self
    }

    const fn untold(mut self) -> Self {
        self.untold = true;
        self
    }

    const fn about_words(mut self) -> Self {
        self.prose = true;
        self
    }
}

macro_rules! rules {
    ($($name:ident = $rule:expr;)*) => {
        $(
            #[allow(missing_docs, reason = "the id and the reason say what it is")]
            pub static $name: Rule = $rule;
        )*
        /// Every rule of this module.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}

const GONE: &str = "a call to what is gone fails, whether it was announced or not";
const SECURITY: &str =
    "nothing in the caller's source would tell that calls are authorised otherwise";
const SERVER: &str = "calls go elsewhere, and nothing in the caller's source would tell";
const NAMED_AFTER: &str = "the method of the client is named after it; on the wire nothing changes";
const LEAVES_RESPONSE: &str = "the client reads the property as always there";
const JOINS_REQUEST: &str = "today's client never sends it, and the service now asks for it";
const UNDOCUMENTED_SUCCESS: &str =
    "a success status that the client doesn't know is an error to it";

const UNTOLD: &str = "what it says now can't be told, and is not silently called the same";
const STABILITY: &str = "the publisher promises less than before, and still answers as before";
const RECEIVED: &str = "it is received by the caller's own server, which the client is no part of, and no longer comes";

rules! {
    ENDPOINT_ADDED = rule("endpoint-added", I, PI, "");
    PATH_REMOVED = rule("api-path-removed-without-deprecation", B, PB, "");
    PATH_REMOVED_DEPRECATED = rule("api-path-removed-with-deprecation", B, PI, GONE);
    OPERATION_REMOVED = rule("api-removed-without-deprecation", B, PB, "");
    OPERATION_REMOVED_DEPRECATED = rule("api-removed-with-deprecation", B, PI, GONE);
    ENDPOINT_DEPRECATED = rule("endpoint-deprecated", W, PI, "a caller has to plan for the time after").wire(Wire::Works);
    ENDPOINT_DEPRECATED_WITH_SUNSET = rule("endpoint-deprecated-with-sunset", W, PI, "it goes at a date that the page names, and a caller has to be gone by then").wire(Wire::Works);
    ENDPOINT_REACTIVATED = rule("endpoint-reactivated", I, PI, "");
    SUNSET_CHANGED = rule("sunset-changed", W, N, "a caller's deadline moved").wire(Wire::Works);
    SUNSET_DELETED = rule("sunset-deleted", I, PB, "a caller is given time, not denied it");
    STABILITY_DECREASED = rule("api-stability-decreased", W, PB, STABILITY).wire(Wire::Works);
    STABILITY_INCREASED = rule("api-stability-increased", I, PI, "");
    OPERATION_ID_REMOVED = rule("api-operation-id-removed", W, PI, NAMED_AFTER).wire(Wire::Works);
    OPERATION_ID_ADDED = rule("api-operation-id-added", W, PI, NAMED_AFTER).wire(Wire::Works);
    TAG_ADDED = rule("api-tag-added", I, PI, "");
    TAG_REMOVED = rule("api-tag-removed", I, PI, "");
    CALLBACK_ADDED = rule("api-callback-added", I, N, "");
    CALLBACK_REMOVED = rule("api-callback-removed", W, N, RECEIVED);
    LINK_CHANGED = rule("response-link-changed", I, N, "");
    WEBHOOK_ADDED = rule("webhook-added", I, PI, "");
    WEBHOOK_REMOVED = rule("webhook-removed", W, PB, RECEIVED);
    API_VERSION_CHANGED = rule("api-version-changed", I, N, "");
    API_VERSION_DECREASED = rule("api-version-decreased", I, PI, "");
    UNUSED_COMPONENT_CHANGED = rule("api-unused-component-changed", I, N, "");
    API_DIALECT_CHANGED = rule("api-schema-dialect-changed", W, N, "in another dialect the same schemas may mean something else, and it is not compared what");

    NEW_REQUIRED_PARAMETER = rule("new-required-request-parameter", B, PB, "");
    NEW_OPTIONAL_PARAMETER = rule("new-optional-request-parameter", I, PI, "");
    NEW_PATH_PARAMETER = rule("new-request-path-parameter", B, PB, "");
    PARAMETER_REMOVED = rule("request-parameter-removed", W, PW, "");
    PARAMETER_REMOVED_DEPRECATED = rule("request-parameter-removed-with-deprecation", W, PI, "announced or not, what today's client sends is no longer read");
    PARAMETER_MOVED = rule("request-parameter-location-changed", B, N, "the service no longer looks where today's client puts it");
    PATH_PARAMETER_RENAMED = rule("request-path-parameter-renamed", I, N, "the name of a path parameter is never sent");
    PARAMETER_STYLE_CHANGED = rule("request-parameter-style-changed", B, N, "the same value is now written otherwise");
    EMPTY_VALUE_ALLOWED = rule("request-parameter-empty-value-allowed", I, N, "");
    EMPTY_VALUE_FORBIDDEN = rule("request-parameter-empty-value-forbidden", B, N, "a call that leaves the value empty was taken, and is refused now");

    BODY_ADDED_REQUIRED = rule("request-body-added-required", B, PB, "");
    BODY_ADDED_OPTIONAL = rule("request-body-added-optional", I, PI, "");
    BODY_REMOVED = rule("request-body-removed", B, PB, "");
    BODY_MEDIA_TYPE_ADDED = rule("request-body-media-type-added", I, PI, "");
    BODY_MEDIA_TYPE_REMOVED = rule("request-body-media-type-removed", B, PB, "");
    BODY_SCHEMA_ADDED = rule("request-body-media-type-schema-added", B, PB, "");
    BODY_SCHEMA_REMOVED = rule("request-body-media-type-schema-removed", I, PI, "");
    BODY_ENCODING_CHANGED = rule("request-body-encoding-changed", B, N, "the same parts are now written otherwise");

    SUCCESS_STATUS_ADDED = rule("response-success-status-added", W, PI, UNDOCUMENTED_SUCCESS);
    SUCCESS_STATUS_REMOVED = rule("response-success-status-removed", B, PB, "");
    ANSWER_STATUS_ADDED = rule("answer-status-added", I, N, "");
    OTHER_STATUS_ADDED = rule("response-non-success-status-added", I, PI, "");
    OTHER_STATUS_REMOVED = rule("response-non-success-status-removed", I, PI, "");
    STATUS_LEFT_RANGE = rule("response-status-left-range", I, N, "what differs in its form is found by itself");
    STATUS_JOINED_RANGE = rule("response-status-joined-range", I, N, "what differs in its form is found by itself");
    RESPONSE_DESCRIPTION_CHANGED = rule("response-description-changed", I, N, "").about_words();
    RESPONSE_MEDIA_TYPE_ADDED = rule("response-media-type-added", I, PI, "");
    RESPONSE_MEDIA_TYPE_REMOVED = rule("response-media-type-removed", B, PB, "");
    RESPONSE_MEDIA_TYPE_NAME_CHANGED = rule("response-media-type-name-changed", I, PI, "");
    RESPONSE_MEDIA_TYPE_GENERALIZED = rule("response-media-type-name-generalized", B, PB, "");
    RESPONSE_MEDIA_TYPE_SPECIALIZED = rule("response-media-type-name-specialized", I, PI, "");
    RESPONSE_SCHEMA_ADDED = rule("response-body-media-type-schema-added", I, PI, "");
    RESPONSE_SCHEMA_REMOVED = rule("response-body-media-type-schema-removed", W, PW, "");
    RESPONSE_ENCODING_CHANGED = rule("response-body-encoding-changed", B, N, "the same parts are now written otherwise");
    REQUIRED_HEADER_REMOVED = rule("required-response-header-removed", B, PB, "");
    OPTIONAL_HEADER_REMOVED = rule("optional-response-header-removed", W, PW, "");
    HEADER_STYLE_CHANGED = rule("response-header-style-changed", B, N, "the same value is now written otherwise");
    HEADER_ADDED = rule("response-header-added", I, PI, "");

    REQUEST_PROPERTY_REMOVED = rule("request-property-removed", W, PW, "");
    REQUEST_READ_ONLY_PROPERTY_REMOVED = rule("request-read-only-property-removed", I, N, "");
    NEW_REQUIRED_PROPERTY = rule("new-required-request-property", B, PB, "");
    NEW_REQUIRED_PROPERTY_WITH_DEFAULT = rule("new-required-request-property-with-default", B, PB, "");
    NEW_OPTIONAL_PROPERTY = rule("new-optional-request-property", I, PI, "");
    BECAME_REQUIRED_WITH_DEFAULT = rule("request-property-became-required-with-default", B, PB, "");
    RESPONSE_REQUIRED_PROPERTY_REMOVED = rule("response-required-property-removed", B, PB, "");
    RESPONSE_REQUIRED_WRITE_ONLY_PROPERTY_REMOVED = rule("response-required-write-only-property-removed", I, PI, "");
    RESPONSE_OPTIONAL_PROPERTY_REMOVED = rule("response-optional-property-removed", W, PW, "");
    RESPONSE_OPTIONAL_WRITE_ONLY_PROPERTY_REMOVED = rule("response-optional-write-only-property-removed", I, PI, "");
    RESPONSE_REQUIRED_PROPERTY_ADDED = rule("response-required-property-added", I, PI, "");
    RESPONSE_REQUIRED_WRITE_ONLY_PROPERTY_ADDED = rule("response-required-write-only-property-added", I, PI, "");
    RESPONSE_OPTIONAL_PROPERTY_ADDED = rule("response-optional-property-added", I, PI, "");
    RESPONSE_OPTIONAL_WRITE_ONLY_PROPERTY_ADDED = rule("response-optional-write-only-property-added", I, PI, "");

    REQUEST_OPTIONAL_BECAME_READ_ONLY = rule("request-optional-property-became-read-only", I, PI, "");
    REQUEST_OPTIONAL_BECAME_NOT_READ_ONLY = rule("request-optional-property-became-not-read-only", I, PI, "");
    REQUEST_REQUIRED_BECAME_READ_ONLY = rule("request-required-property-became-read-only", I, PI, "");
    REQUEST_REQUIRED_BECAME_NOT_READ_ONLY = rule("request-required-property-became-not-read-only", B, PI, JOINS_REQUEST);
    REQUEST_OPTIONAL_BECAME_WRITE_ONLY = rule("request-optional-property-became-write-only", I, PI, "");
    REQUEST_OPTIONAL_BECAME_NOT_WRITE_ONLY = rule("request-optional-property-became-not-write-only", I, PI, "");
    REQUEST_REQUIRED_BECAME_WRITE_ONLY = rule("request-required-property-became-write-only", I, PI, "");
    REQUEST_REQUIRED_BECAME_NOT_WRITE_ONLY = rule("request-required-property-became-not-write-only", I, PI, "");
    RESPONSE_OPTIONAL_BECAME_WRITE_ONLY = rule("response-optional-property-became-write-only", W, PI, "it no longer comes, as if it were removed");
    RESPONSE_OPTIONAL_BECAME_NOT_WRITE_ONLY = rule("response-optional-property-became-not-write-only", I, PI, "");
    RESPONSE_REQUIRED_BECAME_WRITE_ONLY = rule("response-required-property-became-write-only", B, PI, LEAVES_RESPONSE);
    RESPONSE_REQUIRED_BECAME_NOT_WRITE_ONLY = rule("response-required-property-became-not-write-only", I, PW, "a property that newly comes in responses is ignored by today's client");
    RESPONSE_OPTIONAL_BECAME_READ_ONLY = rule("response-optional-property-became-read-only", I, PI, "");
    RESPONSE_OPTIONAL_BECAME_NOT_READ_ONLY = rule("response-optional-property-became-not-read-only", I, PI, "");
    RESPONSE_REQUIRED_BECAME_READ_ONLY = rule("response-required-property-became-read-only", I, PI, "");
    RESPONSE_REQUIRED_BECAME_NOT_READ_ONLY = rule("response-required-property-became-not-read-only", I, PI, "");

    SECURITY_ADDED = rule("api-security-added", B, PI, SECURITY);
    SECURITY_REMOVED = rule("api-security-removed", B, PI, SECURITY);
    SECURITY_ALTERNATIVE_ADDED = rule("api-security-alternative-added", I, N, "");
    SECURITY_LOOSENED = rule("api-security-loosened", I, N, "");
    SCOPE_ADDED = rule("api-security-scope-added", B, PI, SECURITY);
    SCOPE_REMOVED = rule("api-security-scope-removed", I, PI, "");
    GLOBAL_SECURITY_ADDED = rule("api-global-security-added", B, PI, SECURITY);
    GLOBAL_SECURITY_REMOVED = rule("api-global-security-removed", B, PI, SECURITY);
    GLOBAL_SECURITY_ALTERNATIVE_ADDED = rule("api-global-security-alternative-added", I, N, "");
    GLOBAL_SECURITY_LOOSENED = rule("api-global-security-loosened", I, N, "");
    GLOBAL_SCOPE_ADDED = rule("api-global-security-scope-added", B, PI, SECURITY);
    GLOBAL_SCOPE_REMOVED = rule("api-global-security-scope-removed", I, PI, "");
    COMPONENT_ADDED = rule("api-security-component-added", I, PI, "");
    COMPONENT_REMOVED = rule("api-security-component-removed", B, PI, SECURITY);
    COMPONENT_TYPE_CHANGED = rule("api-security-component-type-changed", B, PI, SECURITY);
    COMPONENT_CHANGED = rule("api-security-component-changed", B, N, SECURITY);
    OAUTH_URL_CHANGED = rule("api-security-component-oauth-url-changed", W, PI, "people are sent there by a program of the caller's, never by the client");
    OAUTH_TOKEN_URL_CHANGED = rule("api-security-component-oauth-token-url-changed", B, PI, SECURITY);
    OAUTH_SCOPE_ADDED = rule("api-security-component-oauth-scope-added", I, PI, "");
    OAUTH_SCOPE_REMOVED = rule("api-security-component-oauth-scope-removed", W, PI, "who asks for it may get no token; what operations need is compared by itself");
    OAUTH_SCOPE_CHANGED = rule("api-security-component-oauth-scope-changed", I, PI, "").about_words();

    SERVER_ADDED = rule("api-server-added", I, N, "");
    SERVER_REMOVED = rule("api-server-removed", B, N, SERVER);
    SERVER_ORDER_CHANGED = rule("api-server-order-changed", B, N, "the first server is the one that is called where nobody chooses");
    SERVER_VARIABLE_CHANGED = rule("api-server-variable-changed", B, N, SERVER);

    API_PROSE_CHANGED = rule("api-description-changed", I, N, "").about_words();
    OPERATION_SUMMARY_CHANGED = rule("endpoint-summary-changed", I, N, "").about_words();
    OPERATION_DESCRIPTION_CHANGED = rule("endpoint-description-changed", I, N, "").about_words();

    PAGE_VANISHED = rule("page-vanished", B, N, "what is no longer published can't be relied on").wire(Wire::MayBreak);
    PAGE_MOVED = rule("page-moved", W, N, UNTOLD).untold();
    PAGE_UNREACHABLE = rule("page-unreachable", W, N, UNTOLD).untold();
    PAGE_UNREADABLE = rule("page-unreadable", W, N, UNTOLD).untold();
    PAGES_CONFLICT = rule("pages-conflict", W, N, "what pages say against each other makes no contract; each was compared with its vendored self").untold();
    REFERENCE_NOT_FOLLOWED = rule("reference-not-followed", W, N, UNTOLD).untold();
    PAGE_NEW = rule("page-new", I, N, "");
    CORRECTION_UNNECESSARY = rule("correction-unnecessary", W, N, "the publisher has mended what we correct").wire(Wire::Works);
    CORRECTION_IMPOSSIBLE = rule("correction-impossible", W, N, "what we correct is no longer there, so the contract can't be made");
    PAGE_PROSE_CHANGED = rule("page-prose-changed", I, N, "").about_words();

    HELP_OPERATION_CHANGED = rule("help-operation-changed", B, N, GONE);
    HELP_FIELD_ADDED_REQUIRED = rule("help-new-required-request-field", B, N, JOINS_REQUEST);
    HELP_REQUEST_FIELD_ADDED = rule("help-new-optional-request-field", I, N, "");
    HELP_REQUEST_FIELD_REMOVED = rule("help-request-field-removed", W, N, "what today's client sends is no longer read");
    HELP_REQUEST_FIELD_BECAME_REQUIRED = rule("help-request-field-became-required", B, N, JOINS_REQUEST);
    HELP_REQUEST_FIELD_BECAME_OPTIONAL = rule("help-request-field-became-optional", I, N, "");
    HELP_RESPONSE_FIELD_ADDED = rule("help-response-field-added", I, N, "");
    HELP_RESPONSE_FIELD_REMOVED = rule("help-response-field-removed", B, N, LEAVES_RESPONSE);
    HELP_RESPONSE_REQUIREMENT_CHANGED = rule("help-response-requirement-changed", W, N, "help pages say it of the model and not of what is sent");
    HELP_TYPE_CHANGED = rule("help-type-changed", B, N, "the same name now holds something else");
    HELP_CONSTRAINT_CHANGED = rule("help-constraint-changed", W, N, "whether it became stricter can't be told from its words");
    HELP_FORMAT_ADDED = rule("help-format-added", I, N, "");
    HELP_FORMAT_REMOVED = rule("help-format-removed", B, N, "what today's client sends or asks for is no longer spoken");
    HELP_ORDER_CHANGED = rule("help-xml-order-changed", W, N, "the XML reader of such services drops an element that comes out of order");
    HELP_SAMPLE_CHANGED = rule("help-sample-changed", I, N, "");
}
