//! What is sensitive, by the words that publishers call it.
//!
//! What stands last in a name says what a thing is: a `card_number` is one, and a `card_number_type`
//! is not. Words that mean several things (`name`, `city`, `address`) count only in company: beside
//! at least two others that are about a person.

use super::super::super::name::Name;

/// Why something is not to be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Group {
    Card,
    Secret,
    Person,
    ErrorText,
    Here,
}

impl Group {
    /// Why, for the description of a correction.
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Card => "Card numbers and the codes that go with them are never to be logged.",
            Self::Secret => {
                "Whoever has a password, a key or a token can act as its owner, so none of it is printed."
            }
            Self::Person => {
                "Names, addresses and identity numbers are personal, and don't belong in a log."
            }
            Self::ErrorText => {
                "The words of an error may quote the personal data that the caller sent."
            }
            Self::Here => "Values of this name are sensitive here, as the manifest says.",
        }
    }

    pub(super) fn is_secret(self) -> bool {
        matches!(self, Self::Card | Self::Secret)
    }
}

/// One kind of data, and how it is told.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) group: Group,
    /// What a component of it is called.
    pub(super) component: &'static str,
    /// Last words of a name that say so.
    pub(super) names: &'static [&'static str],
    /// Names that say so in company.
    pub(super) in_company: &'static [&'static str],
    /// First words of a description that say so.
    pub(super) openings: &'static [&'static str],
    /// Formats that say so.
    pub(super) formats: &'static [&'static str],
    /// Words in a name that say otherwise.
    pub(super) never: &'static [&'static str],
    /// Words in a description that say otherwise.
    pub(super) contradicted: &'static [&'static str],
    /// What stands beside it where it is something else.
    pub(super) never_beside: &'static [&'static str],
    /// Whether a number can be one.
    pub(super) numbers: bool,
}

impl Kind {
    pub(super) fn is_card_number(&self) -> bool {
        self.component == "card_number"
    }
}

const NOTHING: Kind = Kind {
    group: Group::Person,
    component: "",
    names: &[],
    in_company: &[],
    openings: &[],
    formats: &[],
    never: &[],
    contradicted: &[],
    never_beside: &[],
    numbers: false,
};

/// Whose address or name is public: a business, a machine, a place on a network.
const PUBLIC: &[&str] = &[
    "acceptor",
    "acquirer",
    "app",
    "application",
    "bucket",
    "callback",
    "cluster",
    "company",
    "contract",
    "database",
    "device",
    "dns",
    "domain",
    "droplet",
    "establishment",
    "file",
    "host",
    "institution",
    "ip",
    "issuer",
    "mac",
    "merchant",
    "network",
    "organization",
    "product",
    "requestor",
    "seller",
    "server",
    "shop",
    "status",
    "store",
    "support",
    "template",
    "terminal",
    "type",
    "url",
    "uri",
    "vpc",
    "website",
];

/// Every kind, the more telling first.
pub(super) const KINDS: &[Kind] = &[
    Kind {
        group: Group::Card,
        component: "card_number",
        names: &["pan", "fpan", "dpan", "card number", "cardnumber", "primary account number"],
        openings: &[
            "primary account number",
            "card number",
            "full card number",
            "credit card number",
        ],
        never: &["first", "hash", "last", "masked", "partial", "token", "truncated", "type"],
        contradicted: &[
            "first 6",
            "first six",
            "hash",
            "last 4",
            "last digits",
            "last four",
            "masked",
            "truncated",
        ],
        numbers: true,
        ..NOTHING
    },
    Kind {
        group: Group::Card,
        component: "card_verification_code",
        names: &[
            "cvv",
            "cvc",
            "cvn",
            "csc",
            "cvv code",
            "cvc code",
            "cvv number",
            "card verification code",
            "card verification value",
            "card security code",
            "security code",
            "card code",
        ],
        openings: &[
            "card verification code",
            "card verification value",
            "card security code",
            "cvv",
        ],
        never: &["counter", "indicator", "result", "status", "response", "match"],
        contradicted: &["try counter", "tries", "indicator", "result of"],
        numbers: true,
        ..NOTHING
    },
    Kind {
        group: Group::Card,
        component: "card_pin",
        names: &["pin", "pin code", "pin block", "pin number"],
        openings: &["personal identification number", "card pin"],
        never: &["counter", "gpio", "map", "offline", "online", "status"],
        contradicted: &["pinned", "postal", "try counter", "tries", "gpio"],
        // Beside these it tells where somebody lives.
        never_beside: &["address line", "city", "country", "district", "state", "street"],
        numbers: true,
        ..NOTHING
    },
    Kind {
        group: Group::Card,
        component: "track_data",
        names: &["track data", "magnetic stripe data", "emv data"],
        ..NOTHING
    },
    Kind {
        group: Group::Card,
        component: "account_number",
        names: &["account number", "iban", "bank account", "account no"],
        openings: &["bank account number", "iban", "international bank account number"],
        never: &["type", "last", "masked", "digits"],
        contradicted: &["masked", "last four", "last 4"],
        numbers: true,
        ..NOTHING
    },
    Kind {
        group: Group::Secret,
        component: "password",
        names: &["password", "passwd", "passphrase", "pass phrase", "user password"],
        openings: &["password", "the password"],
        formats: &["password"],
        never: &["policy", "hint", "expiry", "type", "encryption", "plugin"],
        contradicted: &["password encryption", "url to"],
        ..NOTHING
    },
    Kind {
        group: Group::Secret,
        component: "secret",
        names: &[
            "secret",
            "client secret",
            "secret key",
            "secret value",
            "private key",
            "api key",
            "apikey",
            "secret access key",
            "signing key",
            "encryption key",
            "shared key",
        ],
        openings: &["private key", "the private key", "secret key", "client secret"],
        never: &["public", "id", "uuid", "name", "type", "alias"],
        contradicted: &["uuid of", "id of the", "name of the", "identifier of"],
        ..NOTHING
    },
    Kind {
        group: Group::Secret,
        component: "access_token",
        names: &[
            "access token",
            "refresh token",
            "id token",
            "auth token",
            "bearer token",
            "session token",
            "api token",
            "jwt",
            "user token",
            "auth access token",
            "authorization token",
            "token",
        ],
        openings: &[
            "access token",
            "an access token",
            "bearer token",
            "refresh token",
            "the access token",
        ],
        never: &[
            "next",
            "page",
            "continuation",
            "type",
            "id",
            "name",
            "sync",
            "stop",
            "max",
            "count",
            "kind",
            "model",
            "pagination",
            "cursor",
        ],
        contradicted: &[
            "next page",
            "pagination",
            "page of results",
            "tokens generated",
            "token count",
        ],
        never_beside: &["bytes", "logprob", "probability", "score"],
        ..NOTHING
    },
    Kind {
        group: Group::Secret,
        component: "one_time_code",
        names: &[
            "authcode",
            "auth code",
            "otp",
            "one time password",
            "one time code",
            "activation code",
            "verification code",
            "passcode",
            "totp",
            "recovery code",
        ],
        openings: &["one-time password", "one-time code", "activation code"],
        ..NOTHING
    },
    Kind {
        component: "email_address",
        names: &["email", "e mail", "email address", "mail address"],
        in_company: &["mail"],
        openings: &["email address", "e-mail address", "customer email"],
        formats: &["email", "idn-email"],
        never: PUBLIC,
        ..NOTHING
    },
    Kind {
        component: "phone_number",
        names: &[
            "phone",
            "phone number",
            "telephone",
            "telephone number",
            "mobile",
            "mobile number",
            "mobile phone",
            "cell phone",
            "msisdn",
            "fax",
            "fax number",
        ],
        openings: &[
            "phone number",
            "telephone number",
            "customer phone",
            "mobile phone number",
            "cardholder phone",
        ],
        formats: &["phone"],
        never: PUBLIC,
        contradicted: &["prefix code associated"],
        ..NOTHING
    },
    Kind {
        component: "person_name",
        names: &[
            "person name",
            "first name",
            "firstname",
            "middle name",
            "last name",
            "lastname",
            "given name",
            "family name",
            "surname",
            "maiden name",
            "full name",
            "fullname",
            "holder name",
            "cardholder name",
            "cardholder",
            "printed name",
            "embossed name",
            "customer name",
            "beneficiary name",
            "birth name",
            "mother name",
            "mothers name",
            "father name",
            "name on card",
            "payer name",
            "payee name",
            "patient name",
        ],
        in_company: &["name", "owner name", "display name"],
        openings: &[
            "cardholder name",
            "cardholder printed name",
            "cardholder's name",
            "account holder name",
            "name printed on",
            "printed name on",
            "first name",
            "last name",
            "full name of",
            "customer name",
            "customer's name",
            "customer first name",
            "customer last name",
            "name of the cardholder",
            "name of the customer",
        ],
        never: PUBLIC,
        contradicted: &["fully qualified", "domain name"],
        ..NOTHING
    },
    Kind {
        component: "birth_date",
        names: &[
            "birth date",
            "birthdate",
            "date of birth",
            "dob",
            "birthday",
            "birth day",
            "place of birth",
            "birthplace",
        ],
        openings: &["date of birth", "birth date"],
        ..NOTHING
    },
    Kind {
        component: "identity_number",
        names: &[
            "document number",
            "passport number",
            "national id",
            "national identifier",
            "national identifier value",
            "national identifier number",
            "social security number",
            "ssn",
            "tax id",
            "taxpayer id",
            "tax number",
            "cpf",
            "aadhaar",
            "curp",
            "identity number",
            "id number",
            "driver license number",
            "drivers license number",
            "driving license number",
            "license plate",
        ],
        openings: &[
            "cardholder government document",
            "government document number",
            "national identification number",
            "social security number",
            "passport number",
            "identification type value",
        ],
        never: &["type", "company"],
        ..NOTHING
    },
    Kind {
        component: "address_line",
        names: &[
            "address line",
            "street",
            "street address",
            "street name",
            "home address",
            "billing address",
            "mailing address",
            "residential address",
            "shipping address",
            "postal address",
            "house number",
        ],
        in_company: &["address", "line", "number", "complement", "neighborhood", "district"],
        openings: &["address line", "cardholder address", "street address", "home address"],
        never: PUBLIC,
        ..NOTHING
    },
    Kind {
        component: "city",
        names: &["billing city", "home city", "address city"],
        in_company: &["city", "town"],
        openings: &["cardholder city", "billing address city", "city of residence"],
        never: PUBLIC,
        ..NOTHING
    },
    Kind {
        component: "postal_code",
        names: &["postal code", "postcode", "post code", "zip code", "zipcode"],
        in_company: &["pin", "pin code", "pincode", "zip"],
        openings: &["postal code", "billing address postal code"],
        never: PUBLIC,
        ..NOTHING
    },
];

/// What tells of a person, or where exactly one lives, where it is all that a name says.
const PERSON: [&str; 20] = [
    "address line",
    "address",
    "birth date",
    "cardholder",
    "customer",
    "date of birth",
    "document number",
    "email",
    "email address",
    "emails",
    "first name",
    "last name",
    "phone",
    "phone number",
    "phones",
    "postal code",
    "printed name",
    "street",
    "zip code",
    "zip",
];

/// What stands beside it, and beside much else.
const PLACE: [&str; 8] =
    ["city", "country", "country code", "line", "name", "neighborhood", "state", "town"];

/// What the schema around them is called, where they are about a person.
const OWNERS: [&str; 10] = [
    "address",
    "cardholder",
    "client",
    "contact",
    "customer",
    "holder",
    "owner",
    "payer",
    "person",
    "recipient",
];

/// Whether the names of what stands together, in what is called one of `owners`, tell of a person:
/// two of them, one of which nothing else has.
pub(super) fn are_of_a_person<'n>(
    beside: impl Iterator<Item = Name>,
    owners: impl Iterator<Item = &'n Name>,
) -> bool {
    let (mut persons, mut places) = (0, 0);
    for name in beside {
        persons += usize::from(PERSON.iter().any(|sign| name.is(sign)));
        places += usize::from(PLACE.iter().any(|sign| name.is(sign)));
    }
    let mut is_public = false;
    for owner in owners {
        is_public |= owner.has(PUBLIC);
        persons += usize::from(owner.has(&OWNERS));
    }
    !is_public && persons > 0 && persons + places > 1
}
