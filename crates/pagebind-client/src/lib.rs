//! What every generated client shares at run time: requests, responses, errors.
