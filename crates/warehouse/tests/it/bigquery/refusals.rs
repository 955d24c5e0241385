//! What Google documents to refuse, and what becomes of a publication, a query or a look that meets it.

use std::time::Duration;

use warehouse::bigquery::{self, Engine};
use warehouse::{Destination, Error, Limits, Publication, QueryEngine};

use crate::dataset::{bring, known, look, publish, things, wider};
use crate::google::{Call, Effect, Fault, Google, target};

/// Reasons, their statuses, and what to do about them.
const ERRORS: &str = "https://docs.cloud.google.com/bigquery/docs/error-messages";
const QUOTAS: &str = "https://docs.cloud.google.com/bigquery/docs/troubleshoot-quotas";
const ROLES: &str = "https://docs.cloud.google.com/bigquery/docs/access-control";
const UPLOADS: &str = "https://docs.cloud.google.com/bigquery/docs/reference/api-uploads";
const SANDBOX: &str = "https://docs.cloud.google.com/bigquery/docs/sandbox";
const JOBS: &str = "https://docs.cloud.google.com/bigquery/docs/managing-jobs";

/// A refusal as it is documented.
struct Refusal {
    name: &'static str,
    at: At,
    status: u16,
    /// The whole body; of a job that failed, its `errorResult`'s reason and message.
    body: &'static str,
    page: &'static str,
    expected: Expected,
}

/// Where it is met.
enum At {
    /// A request is refused: twice if that may pass, always if not.
    Calls(&'static [Call]),
    /// Somebody else has just done what was asked for.
    Raced(&'static [Call]),
    /// A load job begins and fails.
    Job,
}

enum Expected {
    /// Tried again until it passes.
    Passes,
    /// An error with this reason.
    Refused(&'static str),
    /// An error that names a permission and a role which has it.
    Role(&'static str, &'static str),
    /// An error that names the job and this reason.
    Failed(&'static str),
    /// Nothing comes of it: nobody waits for the answer.
    Unheeded,
}

use Expected::{Failed, Passes, Refused, Role, Unheeded};

const DATA_EDITOR: &str = "roles/bigquery.dataEditor";

/// Every request that is made, in a publication, a query or a look, and whose answer counts. That a query
/// shall end is said without waiting for more than that it arrives.
const EVERY_CALL: &[Call] = &[
    Call::DatasetGet,
    Call::DatasetInsert,
    Call::TableList,
    Call::TableGet,
    Call::TableInsert,
    Call::TablePatch,
    Call::DataList,
    Call::TestPermissions,
    Call::UploadBegin,
    Call::UploadChunk,
    Call::UploadStatus,
    Call::JobList,
    Call::JobGet,
    Call::DryRun,
    Call::QueryRun,
    Call::QueryResults,
];

#[rustfmt::skip]
const REFUSALS: &[Refusal] = &[
    Refusal { name: "no credentials", at: At::Calls(EVERY_CALL), status: 401, page: ERRORS, expected: Refused("required"),
        body: r#"{"error":{"code":401,"message":"Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.","errors":[{"message":"Login Required.","domain":"global","reason":"required","location":"Authorization","locationType":"header"}],"status":"UNAUTHENTICATED"}}"# },
    Refusal { name: "invalid credentials", at: At::Calls(EVERY_CALL), status: 401, page: ERRORS, expected: Refused("authError"),
        body: r#"{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.","errors":[{"message":"Invalid Credentials","domain":"global","reason":"authError","location":"Authorization","locationType":"header"}],"status":"UNAUTHENTICATED"}}"# },
    Refusal { name: "no jobs.create", at: At::Calls(&[Call::UploadBegin, Call::DryRun, Call::QueryRun]), status: 403, page: ROLES, expected: Role("bigquery.jobs.create", "roles/bigquery.jobUser"),
        body: r#"{"error":{"code":403,"message":"Access Denied: Project p-1: User does not have bigquery.jobs.create permission in project p-1.","errors":[{"message":"Access Denied: Project p-1: User does not have bigquery.jobs.create permission in project p-1.","domain":"global","reason":"accessDenied"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "no datasets.create", at: At::Calls(&[Call::DatasetInsert]), status: 403, page: ROLES, expected: Role("bigquery.datasets.create", DATA_EDITOR),
        body: r#"{"error":{"code":403,"message":"Access Denied: Project p-1: User does not have bigquery.datasets.create permission in project p-1.","errors":[{"message":"Access Denied: Project p-1: User does not have bigquery.datasets.create permission in project p-1.","domain":"global","reason":"accessDenied"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "no datasets.get", at: At::Calls(&[Call::DatasetGet]), status: 403, page: ROLES, expected: Role("bigquery.datasets.get", DATA_EDITOR),
        body: r#"{"error":{"code":403,"message":"Access Denied: Dataset p-1:d: Permission bigquery.datasets.get denied on dataset p-1:d (or it may not exist).","errors":[{"message":"Access Denied: Dataset p-1:d: Permission bigquery.datasets.get denied on dataset p-1:d (or it may not exist).","domain":"global","reason":"accessDenied"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "no tables.list", at: At::Calls(&[Call::TableList]), status: 403, page: ROLES, expected: Role("bigquery.tables.list", DATA_EDITOR),
        body: r#"{"error":{"code":403,"message":"Access Denied: Dataset p-1:d: Permission bigquery.tables.list denied on dataset p-1:d (or it may not exist).","errors":[{"message":"Access Denied: Dataset p-1:d: Permission bigquery.tables.list denied on dataset p-1:d (or it may not exist).","domain":"global","reason":"accessDenied"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "no tables.create", at: At::Calls(&[Call::TableInsert]), status: 403, page: ROLES, expected: Role("bigquery.tables.create", DATA_EDITOR),
        body: r#"{"error":{"code":403,"message":"Access Denied: Dataset p-1:d: Permission bigquery.tables.create denied on dataset p-1:d (or it may not exist).","errors":[{"message":"Access Denied: Dataset p-1:d: Permission bigquery.tables.create denied on dataset p-1:d (or it may not exist).","domain":"global","reason":"accessDenied"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "no tables.get", at: At::Calls(&[Call::TableGet]), status: 403, page: ROLES, expected: Role("bigquery.tables.get", DATA_EDITOR),
        body: r#"{"error":{"code":403,"message":"Access Denied: Table p-1:d.things: Permission bigquery.tables.get denied on table p-1:d.things (or it may not exist).","errors":[{"message":"Access Denied: Table p-1:d.things: Permission bigquery.tables.get denied on table p-1:d.things (or it may not exist).","domain":"global","reason":"accessDenied"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "no tables.getData", at: At::Calls(&[Call::DataList]), status: 403, page: ROLES, expected: Role("bigquery.tables.getData", DATA_EDITOR),
        body: r#"{"error":{"code":403,"message":"Access Denied: Table p-1:d.pl_published: Permission bigquery.tables.getData denied on table p-1:d.pl_published (or it may not exist).","errors":[{"message":"Access Denied: Table p-1:d.pl_published: Permission bigquery.tables.getData denied on table p-1:d.pl_published (or it may not exist).","domain":"global","reason":"accessDenied"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "no tables.update", at: At::Calls(&[Call::TablePatch]), status: 403, page: ROLES, expected: Role("bigquery.tables.update", DATA_EDITOR),
        body: r#"{"error":{"code":403,"message":"Access Denied: Table p-1:d.things: Permission bigquery.tables.update denied on table p-1:d.things (or it may not exist).","errors":[{"message":"Access Denied: Table p-1:d.things: Permission bigquery.tables.update denied on table p-1:d.things (or it may not exist).","domain":"global","reason":"accessDenied"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "no tables.updateData", at: At::Calls(&[Call::UploadBegin, Call::UploadChunk]), status: 403, page: ROLES, expected: Role("bigquery.tables.updateData", DATA_EDITOR),
        body: r#"{"error":{"code":403,"message":"Access Denied: Table p-1:d.things: Permission bigquery.tables.updateData denied on table p-1:d.things (or it may not exist).","errors":[{"message":"Access Denied: Table p-1:d.things: Permission bigquery.tables.updateData denied on table p-1:d.things (or it may not exist).","domain":"global","reason":"accessDenied"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "no jobs.update", at: At::Calls(&[Call::JobCancel]), status: 403, page: ROLES, expected: Unheeded,
        body: r#"{"error":{"code":403,"message":"Access Denied: Job p-1:EU.pl_query: Permission bigquery.jobs.update denied on job p-1:EU.pl_query (or it may not exist).","errors":[{"message":"Access Denied: Job p-1:EU.pl_query: Permission bigquery.jobs.update denied on job p-1:EU.pl_query (or it may not exist).","domain":"global","reason":"accessDenied"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "a table that may not be asked", at: At::Calls(&[Call::DryRun]), status: 403, page: ERRORS, expected: Refused("accessDenied"),
        body: r#"{"error":{"code":403,"message":"Access Denied: Table p-1:d.things: User does not have permission to query table p-1:d.things, or perhaps it does not exist.","errors":[{"message":"Access Denied: Table p-1:d.things: User does not have permission to query table p-1:d.things, or perhaps it does not exist.","domain":"global","reason":"accessDenied"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "too many changes of a table", at: At::Calls(&[Call::TablePatch, Call::UploadBegin, Call::UploadChunk]), status: 403, page: QUOTAS, expected: Passes,
        body: r#"{"error":{"code":403,"message":"Exceeded rate limits: too many table update operations for this table. For more information, see https://cloud.google.com/bigquery/docs/troubleshoot-quotas","errors":[{"message":"Exceeded rate limits: too many table update operations for this table. For more information, see https://cloud.google.com/bigquery/docs/troubleshoot-quotas","domain":"usageLimits","reason":"rateLimitExceeded"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "too many requests at once", at: At::Calls(EVERY_CALL), status: 403, page: QUOTAS, expected: Passes,
        body: r#"{"error":{"code":403,"message":"Exceeded rate limits: too many concurrent api requests per user per method","errors":[{"message":"Exceeded rate limits: too many concurrent api requests per user per method","domain":"usageLimits","reason":"rateLimitExceeded"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "quota used up", at: At::Calls(&[Call::UploadBegin, Call::UploadChunk]), status: 403, page: QUOTAS, expected: Refused("quotaExceeded"),
        body: r#"{"error":{"code":403,"errors":[{"domain":"global","message":"Quota exceeded: Your table exceeded quota for imports or query appends per table. For more information, see https://cloud.google.com/bigquery/docs/troubleshoot-quotas","reason":"quotaExceeded"}],"message":"Quota exceeded: Your table exceeded quota for imports or query appends per table. For more information, see https://cloud.google.com/bigquery/docs/troubleshoot-quotas"}}"# },
    Refusal { name: "free queries used up", at: At::Calls(&[Call::QueryRun]), status: 403, page: QUOTAS, expected: Refused("quotaExceeded"),
        body: r#"{"error":{"code":403,"errors":[{"domain":"usageLimits","message":"Quota exceeded: Your project exceeded quota for free query bytes scanned.","reason":"quotaExceeded"}],"message":"Quota exceeded: Your project exceeded quota for free query bytes scanned."}}"# },
    Refusal { name: "no billing", at: At::Calls(&[Call::UploadBegin, Call::DryRun]), status: 403, page: SANDBOX, expected: Refused("billingNotEnabled"),
        body: r#"{"error":{"code":403,"message":"Billing has not been enabled for this project. Enable billing at https://console.cloud.google.com/billing. DML queries are not allowed in the free tier. Set up a billing account to remove this restriction.","errors":[{"message":"Billing has not been enabled for this project. Enable billing at https://console.cloud.google.com/billing. DML queries are not allowed in the free tier. Set up a billing account to remove this restriction.","domain":"global","reason":"billingNotEnabled"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "the interface is off", at: At::Calls(EVERY_CALL), status: 403, page: ERRORS, expected: Refused("accessNotConfigured"),
        body: r#"{"error":{"code":403,"message":"Access Not Configured. BigQuery API has not been used in project 1 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/bigquery.googleapis.com/overview?project=1 then retry.","errors":[{"message":"Access Not Configured. BigQuery API has not been used in project 1 before or it is disabled.","domain":"usageLimits","reason":"accessNotConfigured","extendedHelp":"https://console.developers.google.com"}],"status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com"}]}}"# },
    Refusal { name: "BigQuery is not enabled", at: At::Calls(&[Call::DatasetGet, Call::DatasetInsert, Call::UploadBegin]), status: 400, page: "https://github.com/forseti-security/forseti-security/issues/737", expected: Refused("invalid"),
        body: r#"{"error":{"code":400,"message":"The project p-1 has not enabled BigQuery.","errors":[{"message":"The project p-1 has not enabled BigQuery.","domain":"global","reason":"invalid"}],"status":"INVALID_ARGUMENT"}}"# },
    Refusal { name: "an invalid request", at: At::Calls(EVERY_CALL), status: 400, page: ERRORS, expected: Refused("invalid"),
        body: r#"{"error":{"code":400,"message":"Invalid value","errors":[{"message":"Invalid value","domain":"global","reason":"invalid"}],"status":"INVALID_ARGUMENT"}}"# },
    Refusal { name: "another division of the table", at: At::Calls(&[Call::UploadBegin]), status: 400, page: "https://github.com/googleapis/python-bigquery/issues/1079", expected: Refused("invalid"),
        body: r#"{"error":{"code":400,"message":"Incompatible table partitioning specification. Expects partitioning specification interval(type:day,field:ordermonth) clustering(a,b), but input partitioning specification is interval(type:month,field:ordermonth)","errors":[{"message":"Incompatible table partitioning specification.","domain":"global","reason":"invalid"}],"status":"INVALID_ARGUMENT"}}"# },
    Refusal { name: "an invalid query", at: At::Calls(&[Call::DryRun, Call::QueryRun, Call::QueryResults]), status: 400, page: ERRORS, expected: Refused("invalidQuery"),
        body: r#"{"error":{"code":400,"message":"Unrecognized name: wats; Did you mean watts? at [1:8]","errors":[{"message":"Unrecognized name: wats; Did you mean watts? at [1:8]","domain":"global","reason":"invalidQuery","location":"q","locationType":"parameter"}],"status":"INVALID_ARGUMENT"}}"# },
    Refusal { name: "a dataset that is gone", at: At::Calls(&[Call::TableList, Call::TablePatch, Call::UploadBegin, Call::DryRun]), status: 404, page: ERRORS, expected: Refused("notFound"),
        body: r#"{"error":{"code":404,"message":"Not found: Dataset p-1:d","errors":[{"message":"Not found: Dataset p-1:d","domain":"global","reason":"notFound"}],"status":"NOT_FOUND"}}"# },
    Refusal { name: "a dataset that is elsewhere", at: At::Calls(&[Call::UploadBegin]), status: 404, page: ERRORS, expected: Refused("notFound"),
        body: r#"{"error":{"code":404,"message":"Not found: Dataset p-1:d was not found in location US","errors":[{"message":"Not found: Dataset p-1:d was not found in location US","domain":"global","reason":"notFound"}],"status":"NOT_FOUND"}}"# },
    Refusal { name: "a table that is gone", at: At::Calls(&[Call::TablePatch, Call::UploadBegin, Call::DryRun]), status: 404, page: ERRORS, expected: Refused("notFound"),
        body: r#"{"error":{"code":404,"message":"Not found: Table p-1:d.things","errors":[{"message":"Not found: Table p-1:d.things","domain":"global","reason":"notFound"}],"status":"NOT_FOUND"}}"# },
    Refusal { name: "a job that is gone", at: At::Calls(&[Call::JobGet, Call::QueryResults]), status: 404, page: JOBS, expected: Refused("notFound"),
        body: r#"{"error":{"code":404,"message":"Not found: Job p-1:EU.pl_things","errors":[{"message":"Not found: Job p-1:EU.pl_things","domain":"global","reason":"notFound"}],"status":"NOT_FOUND"}}"# },
    Refusal { name: "a job that is gone before it is cancelled", at: At::Calls(&[Call::JobCancel]), status: 404, page: JOBS, expected: Unheeded,
        body: r#"{"error":{"code":404,"message":"Not found: Job p-1:EU.pl_query","errors":[{"message":"Not found: Job p-1:EU.pl_query","domain":"global","reason":"notFound"}],"status":"NOT_FOUND"}}"# },
    Refusal { name: "a job that can't be cancelled", at: At::Calls(&[Call::JobCancel]), status: 400, page: ERRORS, expected: Unheeded,
        body: r#"{"error":{"code":400,"message":"Invalid value","errors":[{"message":"Invalid value","domain":"global","reason":"invalid"}],"status":"INVALID_ARGUMENT"}}"# },
    Refusal { name: "nobody who may cancel", at: At::Calls(&[Call::JobCancel]), status: 401, page: ERRORS, expected: Unheeded,
        body: r#"{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.","errors":[{"message":"Invalid Credentials","domain":"global","reason":"authError","location":"Authorization","locationType":"header"}],"status":"UNAUTHENTICATED"}}"# },
    Refusal { name: "a cancellation too many", at: At::Calls(&[Call::JobCancel]), status: 403, page: QUOTAS, expected: Passes,
        body: r#"{"error":{"code":403,"message":"Exceeded rate limits: too many concurrent api requests per user per method","errors":[{"message":"Exceeded rate limits: too many concurrent api requests per user per method","domain":"usageLimits","reason":"rateLimitExceeded"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "a cancellation that meets an error of the backend", at: At::Calls(&[Call::JobCancel]), status: 503, page: ERRORS, expected: Passes,
        body: r#"{"error":{"code":503,"message":"Error encountered during execution. Retrying may solve the problem.","errors":[{"message":"Error encountered during execution. Retrying may solve the problem.","domain":"global","reason":"backendError"}],"status":"UNAVAILABLE"}}"# },
    Refusal { name: "a table that is gone before its rights are asked", at: At::Calls(&[Call::TestPermissions]), status: 404, page: ERRORS, expected: Passes,
        body: r#"{"error":{"code":404,"message":"Not found: Table p-1:d.pl_published","errors":[{"message":"Not found: Table p-1:d.pl_published","domain":"global","reason":"notFound"}],"status":"NOT_FOUND"}}"# },
    Refusal { name: "rights that nobody tells", at: At::Calls(&[Call::TestPermissions]), status: 501, page: ERRORS, expected: Passes,
        body: r#"{"error":{"code":501,"message":"Not implemented","errors":[{"message":"Not implemented","domain":"global","reason":"notImplemented"}],"status":"UNIMPLEMENTED"}}"# },
    Refusal { name: "a project that is not there", at: At::Calls(&[Call::DatasetInsert, Call::UploadBegin, Call::DryRun]), status: 404, page: ERRORS, expected: Refused("notFound"),
        body: r#"{"error":{"code":404,"message":"Not found: Project p-1","errors":[{"message":"Not found: Project p-1","domain":"global","reason":"notFound"}],"status":"NOT_FOUND"}}"# },
    Refusal { name: "an upload that is over", at: At::Calls(&[Call::UploadChunk, Call::UploadStatus]), status: 404, page: UPLOADS, expected: Passes,
        body: r#"{"error":{"code":404,"message":"Not Found","errors":[{"message":"Not Found","domain":"global","reason":"notFound"}],"status":"NOT_FOUND"}}"# },
    Refusal { name: "an upload that is lost", at: At::Calls(&[Call::UploadChunk, Call::UploadStatus]), status: 410, page: UPLOADS, expected: Passes,
        body: "" },
    Refusal { name: "a dataset of that name", at: At::Raced(&[Call::DatasetInsert]), status: 409, page: ERRORS, expected: Passes,
        body: r#"{"error":{"code":409,"message":"Already Exists: Dataset p-1:d","errors":[{"message":"Already Exists: Dataset p-1:d","domain":"global","reason":"duplicate"}],"status":"ALREADY_EXISTS"}}"# },
    Refusal { name: "a table of that name", at: At::Raced(&[Call::TableInsert]), status: 409, page: ERRORS, expected: Passes,
        body: r#"{"error":{"code":409,"message":"Already Exists: Table p-1:d.things","errors":[{"message":"Already Exists: Table p-1:d.things","domain":"global","reason":"duplicate"}],"status":"ALREADY_EXISTS"}}"# },
    Refusal { name: "a job of that name", at: At::Raced(&[Call::UploadChunk, Call::QueryRun]), status: 409, page: JOBS, expected: Passes,
        body: r#"{"error":{"code":409,"message":"Already Exists: Job p-1:EU.pl_things","errors":[{"message":"Already Exists: Job p-1:EU.pl_things","domain":"global","reason":"duplicate"}],"status":"ALREADY_EXISTS"}}"# },
    Refusal { name: "another state than was asked for", at: At::Calls(&[Call::TablePatch]), status: 412, page: "https://github.com/apache/iceberg/pull/14779", expected: Refused("conditionNotMet"),
        body: r#"{"error":{"code":412,"message":"Resource p-1:d.things did not meet condition IF_MATCH","errors":[{"domain":"global","location":"If-Match","locationType":"header","message":"Resource p-1:d.things did not meet condition IF_MATCH","reason":"conditionNotMet"}],"status":"FAILED_PRECONDITION"}}"# },
    Refusal { name: "too many requests", at: At::Calls(EVERY_CALL), status: 429, page: UPLOADS, expected: Passes,
        body: "" },
    Refusal { name: "an internal error", at: At::Calls(EVERY_CALL), status: 500, page: ERRORS, expected: Passes,
        body: r#"{"error":{"code":500,"message":"An internal error occurred and the request could not be completed.","errors":[{"message":"An internal error occurred and the request could not be completed.","domain":"global","reason":"internalError"}],"status":"INTERNAL"}}"# },
    Refusal { name: "an error of the backend", at: At::Calls(EVERY_CALL), status: 500, page: ERRORS, expected: Passes,
        body: r#"{"error":{"code":500,"message":"Backend Error","errors":[{"message":"Backend Error","domain":"global","reason":"backendError"}],"status":"INTERNAL"}}"# },
    Refusal { name: "a backend that is not there", at: At::Calls(EVERY_CALL), status: 503, page: ERRORS, expected: Passes,
        body: r#"{"error":{"code":503,"message":"Error encountered during execution. Retrying may solve the problem.","errors":[{"message":"Error encountered during execution. Retrying may solve the problem.","domain":"global","reason":"backendError"}],"status":"UNAVAILABLE"}}"# },
    Refusal { name: "a proxy without a backend", at: At::Calls(EVERY_CALL), status: 502, page: ERRORS, expected: Passes,
        body: "<!DOCTYPE html><html lang=en><title>Error 502 (Server Error)!!1</title><p>The server encountered a temporary error and could not complete your request.</html>" },
    Refusal { name: "a proxy that waited too long", at: At::Calls(EVERY_CALL), status: 504, page: ERRORS, expected: Passes,
        body: "" },
    Refusal { name: "more bytes than may be billed", at: At::Calls(&[Call::QueryRun, Call::QueryResults]), status: 500, page: "https://github.com/exmergo/dex/issues/320", expected: Refused("bytesBilledLimitExceeded"),
        body: r#"{"error":{"code":500,"message":"Query exceeded limit for bytes billed: 163595928. 164626432 or higher required.","errors":[{"message":"Query exceeded limit for bytes billed: 163595928. 164626432 or higher required.","domain":"global","reason":"bytesBilledLimitExceeded"}],"status":"INTERNAL"}}"# },
    Refusal { name: "an attribute that is wrong", at: At::Calls(&[Call::TableInsert, Call::TablePatch, Call::DatasetInsert]), status: 400, page: ERRORS, expected: Refused("attributeError"),
        body: r#"{"error":{"code":400,"message":"Invalid value for attribute","errors":[{"message":"Invalid value for attribute","domain":"global","reason":"attributeError"}],"status":"INVALID_ARGUMENT"}}"# },
    Refusal { name: "a bad request", at: At::Calls(&[Call::TableInsert, Call::UploadBegin, Call::QueryRun]), status: 400, page: ERRORS, expected: Refused("badRequest"),
        body: r#"{"error":{"code":400,"message":"Bad request","errors":[{"message":"Bad request","domain":"global","reason":"badRequest"}],"status":"INVALID_ARGUMENT"}}"# },
    Refusal { name: "a query beyond its billing tier", at: At::Calls(&[Call::QueryRun, Call::QueryResults]), status: 400, page: ERRORS, expected: Refused("billingTierLimitExceeded"),
        body: r#"{"error":{"code":400,"message":"Query exceeded resource limits for tier 1","errors":[{"message":"Query exceeded resource limits for tier 1","domain":"global","reason":"billingTierLimitExceeded"}],"status":"INVALID_ARGUMENT"}}"# },
    Refusal { name: "an account that is blocked", at: At::Calls(&[Call::DatasetGet, Call::UploadBegin, Call::QueryRun]), status: 403, page: ERRORS, expected: Refused("blocked"),
        body: r#"{"error":{"code":403,"message":"The operation was blocked by BigQuery to protect the service","errors":[{"message":"The operation was blocked by BigQuery to protect the service","domain":"global","reason":"blocked"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "a user who can't be", at: At::Calls(&[Call::UploadBegin, Call::QueryRun]), status: 400, page: ERRORS, expected: Refused("invalidUser"),
        body: r#"{"error":{"code":400,"message":"The user is not valid","errors":[{"message":"The user is not valid","domain":"global","reason":"invalidUser"}],"status":"INVALID_ARGUMENT"}}"# },
    Refusal { name: "what is not there yet", at: At::Calls(&[Call::JobList, Call::TablePatch, Call::UploadBegin, Call::QueryRun]), status: 501, page: ERRORS, expected: Refused("notImplemented"),
        body: r#"{"error":{"code":501,"message":"Not implemented","errors":[{"message":"Not implemented","domain":"global","reason":"notImplemented"}],"status":"UNIMPLEMENTED"}}"# },
    Refusal { name: "a proxy that wants to know who asks", at: At::Calls(&[Call::DatasetGet, Call::UploadBegin]), status: 407, page: ERRORS, expected: Refused("proxyAuthenticationRequired"),
        body: r#"{"error":{"code":407,"message":"Proxy authentication required","errors":[{"message":"Proxy authentication required","domain":"global","reason":"proxyAuthenticationRequired"}],"status":"UNAUTHENTICATED"}}"# },
    Refusal { name: "a dataset in use", at: At::Calls(&[Call::TablePatch, Call::DatasetInsert]), status: 400, page: ERRORS, expected: Refused("resourceInUse"),
        body: r#"{"error":{"code":400,"message":"Dataset p-1:d is still in use","errors":[{"message":"Dataset p-1:d is still in use","domain":"global","reason":"resourceInUse"}],"status":"FAILED_PRECONDITION"}}"# },
    Refusal { name: "a query that needs too much", at: At::Calls(&[Call::QueryRun, Call::QueryResults]), status: 400, page: ERRORS, expected: Refused("resourcesExceeded"),
        body: r#"{"error":{"code":400,"message":"Resources exceeded during query execution","errors":[{"message":"Resources exceeded during query execution","domain":"global","reason":"resourcesExceeded"}],"status":"RESOURCE_EXHAUSTED"}}"# },
    Refusal { name: "an answer that is too large", at: At::Calls(&[Call::QueryResults]), status: 403, page: ERRORS, expected: Refused("responseTooLarge"),
        body: r#"{"error":{"code":403,"message":"Response too large to return","errors":[{"message":"Response too large to return","domain":"global","reason":"responseTooLarge"}],"status":"PERMISSION_DENIED"}}"# },
    Refusal { name: "a query that took too long", at: At::Calls(&[Call::QueryResults]), status: 400, page: ERRORS, expected: Refused("timeout"),
        body: r#"{"error":{"code":400,"message":"Operation timed out","errors":[{"message":"Operation timed out","domain":"global","reason":"timeout"}],"status":"INVALID_ARGUMENT"}}"# },
    Refusal { name: "a query whose backend failed", at: At::Calls(&[Call::QueryResults]), status: 400, page: ERRORS, expected: Passes,
        body: r#"{"error":{"code":400,"message":"The job failed with a backend error","errors":[{"message":"The job failed with a backend error","domain":"global","reason":"jobBackendError"}],"status":"INVALID_ARGUMENT"}}"# },
    Refusal { name: "a query that failed inside", at: At::Calls(&[Call::QueryResults]), status: 400, page: ERRORS, expected: Passes,
        body: r#"{"error":{"code":400,"message":"The job failed with an internal error","errors":[{"message":"The job failed with an internal error","domain":"global","reason":"jobInternalError"}],"status":"INVALID_ARGUMENT"}}"# },
    Refusal { name: "a query that was one too many", at: At::Calls(&[Call::QueryResults]), status: 400, page: ERRORS, expected: Passes,
        body: r#"{"error":{"code":400,"message":"Exceeded rate limits","errors":[{"message":"Exceeded rate limits","domain":"global","reason":"jobRateLimitExceeded"}],"status":"INVALID_ARGUMENT"}}"# },
    Refusal { name: "a request that took too long to send", at: At::Calls(&[Call::UploadBegin, Call::UploadChunk]), status: 408, page: UPLOADS, expected: Passes,
        body: "" },
    Refusal { name: "a job whose table is not there for a moment", at: At::Job, status: 200, page: ERRORS, expected: Passes,
        body: "tableUnavailable: Table unavailable" },
    Refusal { name: "a job that needs too much", at: At::Job, status: 200, page: ERRORS, expected: Failed("resourcesExceeded"),
        body: "resourcesExceeded: Resources exceeded during query execution" },
    Refusal { name: "a job with rows that do not fit", at: At::Job, status: 200, page: ERRORS, expected: Failed("invalid"),
        body: "invalid: Error while reading data, error message: Invalid datetime value" },
    Refusal { name: "a job without the right to write", at: At::Job, status: 200, page: ERRORS, expected: Failed("accessDenied"),
        body: "accessDenied: Access Denied: Table p-1:d.things: Permission bigquery.tables.updateData denied on table p-1:d.things (or it may not exist)." },
    Refusal { name: "a job that met an error of the backend", at: At::Job, status: 200, page: ERRORS, expected: Passes,
        body: "backendError: Error encountered during execution. Retrying may solve the problem." },
    Refusal { name: "a job that met an internal error", at: At::Job, status: 200, page: ERRORS, expected: Passes,
        body: "internalError: An internal error occurred and the request could not be completed." },
    Refusal { name: "a job that was one too many", at: At::Job, status: 200, page: QUOTAS, expected: Passes,
        body: "jobRateLimitExceeded: Exceeded rate limits: too many table update operations for this table" },
    Refusal { name: "a job whose backend failed", at: At::Job, status: 200, page: ERRORS, expected: Passes,
        body: "jobBackendError: The job failed with a backend error" },
    Refusal { name: "a job that failed inside", at: At::Job, status: 200, page: ERRORS, expected: Passes,
        body: "jobInternalError: The job failed with an internal error" },
    Refusal { name: "a job that was one too many for the quota", at: At::Job, status: 200, page: QUOTAS, expected: Failed("quotaExceeded"),
        body: "quotaExceeded: Quota exceeded: Your table exceeded quota for Number of partition modifications to a column partitioned table" },
    Refusal { name: "a job that somebody cancelled", at: At::Job, status: 200, page: ERRORS, expected: Failed("stopped"),
        body: "stopped: Job execution was cancelled: User requested cancellation" },
];

impl Refusal {
    fn calls(&self) -> Vec<Option<Call>> {
        match self.at {
            At::Calls(calls) | At::Raced(calls) => calls.iter().copied().map(Some).collect(),
            At::Job => vec![None],
        }
    }

    fn prepare(&self, google: &Google, call: Option<Call>) {
        let Some(call) = call else {
            let (reason, message) = self.body.split_once(": ").unwrap();
            google.fail_late(reason, message);
            return;
        };
        let effect = match self.at {
            At::Raced(_) => Effect::DoneButAnswered(self.status, self.body),
            _ => Effect::Answered(self.status, self.body),
        };
        let times = match (&self.expected, &self.at) {
            (Passes, At::Raced(_)) => 1,
            (Passes, _) => 2,
            _ => usize::MAX,
        };
        if call == Call::UploadStatus {
            google.fault(Fault::once(Call::UploadChunk, Effect::Answered(503, "")));
        }
        google.fault(Fault {
            times,
            ..Fault::once(call, effect)
        });
    }

    /// What is wrong with what came of it.
    fn contradiction(&self, came: &Result<(), Error>) -> Option<String> {
        let error = match came {
            Ok(()) => None,
            Err(Error::BigQuery(error)) => Some(error),
            Err(error) => return Some(format!("an error of another kind: {error}")),
        };
        let is_failed = matches!(error, Some(bigquery::Error::Job { .. }));
        let is_as_expected = match (&self.expected, error) {
            (Passes | Unheeded, error) => error.is_none(),
            (Refused(reason), Some(error)) => error.reason() == Some(reason) && !is_failed,
            (Role(permission, role), Some(error)) => {
                error.missing_role() == Some((*permission, *role))
            }
            (Failed(reason), Some(error)) => error.reason() == Some(reason) && is_failed,
            (_, None) => false,
        };
        (!is_as_expected).then(|| format!("{came:?}"))
    }
}

fn is_of_queries(call: Option<Call>) -> bool {
    matches!(
        call,
        Some(Call::DryRun | Call::QueryRun | Call::QueryResults)
    )
}

fn is_of_looks(call: Option<Call>) -> bool {
    call == Some(Call::TestPermissions)
}

fn makes(call: Option<Call>) -> bool {
    matches!(call, Some(Call::DatasetInsert | Call::TableInsert))
}

/// A place that has something to lose, or for the making of things none.
async fn place(call: Option<Call>) -> Google {
    let google = Google::start().await;
    google.state().behaviour.looks = 2;
    if !makes(call) {
        google.add_dataset();
        bring(&google, "1a", &[("a", 1)]).await;
    }
    google
}

/// What is there for readers and for the next publication.
async fn seen(google: &Google) -> (Vec<String>, Option<String>) {
    google.heal();
    (
        google.column("things", "id"),
        known(google, &things()).await,
    )
}

async fn ask(google: &Google) -> Result<(), Error> {
    let engine = Engine::new(target(), &google.options())?;
    let rows = engine
        .query("SELECT 1 AS n", &[], &Limits::default())
        .await?;
    assert_eq!(rows.collect().await?[0].num_rows(), 1);
    Ok(())
}

/// Gives a query up that goes on for ever. How that is answered changes nothing.
async fn give_up(google: &Google) -> Result<(), Error> {
    google.state().query.questions = usize::MAX;
    let engine = Engine::new(target(), &google.options())?;
    let limits = Limits {
        timeout: Some(Duration::ZERO),
        ..Limits::default()
    };
    let asked = engine.query("SELECT 1 AS n", &[], &limits).await;
    engine.close().await;
    match asked {
        Err(Error::TimedOut { .. }) => Ok(()),
        Err(error) => Err(error),
        Ok(_) => panic!("it has ended"),
    }
}

async fn carry_out(google: &Google, call: Option<Call>) -> Result<(), Error> {
    match call {
        Some(Call::JobCancel) => give_up(google).await,
        _ if is_of_queries(call) => ask(google).await,
        _ if is_of_looks(call) => {
            let tables = vec![wider()];
            let views = Vec::new();
            let publication = Publication { tables, views };
            let obstacles = look(google).examine(&publication).await?.obstacles;
            assert!(obstacles.is_empty(), "{obstacles:?}");
            Ok(())
        }
        _ => publish(google, &wider(), "1b", &[("b", 2), ("c", 3)]).await,
    }
}

fn publishes(call: Option<Call>) -> bool {
    call != Some(Call::JobCancel) && !is_of_queries(call) && !is_of_looks(call)
}

/// Whether the query was cancelled, where one was given up.
fn is_cancelled(google: &Google) -> bool {
    let state = google.state();
    state.jobs.last().is_some_and(|job| job.is_cancelled())
}

/// What is wrong with how a call ends that is refused.
async fn refused(refusal: &Refusal, call: Option<Call>) -> Option<String> {
    let google = place(call).await;
    refusal.prepare(&google, call);
    let came = carry_out(&google, call).await;
    if let Some(contradiction) = refusal.contradiction(&came) {
        return Some(contradiction);
    }
    let is_to_end = matches!(refusal.expected, Passes);
    if call == Some(Call::JobCancel) && is_cancelled(&google) != is_to_end {
        return Some("the query did not end as it should".into());
    }
    let (ids, fingerprint): (&[&str], _) = if came.is_ok() && publishes(call) {
        (&["b", "c"], Some("1b"))
    } else if makes(call) {
        (&[], None)
    } else {
        (&["a"], Some("1a"))
    };
    let (seen_ids, known) = seen(&google).await;
    // A table that got a column, and not the rows, may be published again for it.
    let is_known = known.as_deref() == fingerprint || (came.is_err() && known.is_none());
    (seen_ids != ids || !is_known)
        .then(|| format!("{seen_ids:?} as {known:?} is there, not {ids:?} as {fingerprint:?}"))
}

#[tokio::test]
async fn every_documented_refusal_ends_as_it_should() {
    let mut wrong = Vec::new();
    for refusal in REFUSALS {
        for call in refusal.calls() {
            if let Some(what) = refused(refusal, call).await {
                wrong.push(format!(
                    "{}, {call:?} ({}): {what}",
                    refusal.name, refusal.page
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with how a call ends whose first answer does not arrive.
async fn unanswered(call: Call, effect: Effect) -> Option<String> {
    let google = place(Some(call)).await;
    if call == Call::UploadStatus {
        google.fault(Fault::once(Call::UploadChunk, Effect::Answered(503, "")));
    }
    google.fault(Fault::once(call, effect));
    if let Err(error) = carry_out(&google, Some(call)).await {
        return Some(format!("{error:?}"));
    }
    if call == Call::JobCancel && !is_cancelled(&google) {
        return Some("the query runs on".into());
    }
    let ids = google.column("things", "id");
    (publishes(Some(call)) && ids != ["b", "c"]).then(|| format!("{ids:?} are there"))
}

#[tokio::test]
async fn an_answer_that_does_not_arrive_is_asked_for_again() {
    let mut wrong = Vec::new();
    for call in EVERY_CALL.iter().chain(&[Call::JobCancel]) {
        for effect in [
            Effect::Dropped,
            Effect::DoneButDropped,
            Effect::DoneButCutOff,
        ] {
            if let Some(what) = unanswered(*call, effect).await {
                wrong.push(format!("{call:?}, {effect:?}: {what}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn after_as_many_tries_as_may_be_it_is_given_up() {
    let google = place(None).await;
    let before = google.count(Call::TableList);
    google.fault(Fault::always(Call::TableList, Effect::Answered(503, "")));
    let refused = publish(&google, &things(), "1b", &[("b", 2)])
        .await
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "BigQuery answered 503 (): without a word of explanation"
    );
    assert_eq!(
        google.count(Call::TableList) - before,
        1 + google.options().retry.count
    );
}
