/** The library's public names. Commands import from here and from nowhere else in `src`. */

// What a command can reach.
export type {
  CustodyContext,
  FormatContext,
  OperationContext,
  OutsideContext,
  GlanceContext,
  ReadContext,
  TokenContext,
} from './ports/context.js';
export type { PassphraseSource } from './ports/passphrase-source.js';
export type { PinSource } from './ports/token-keys.js';
export type { Progress, ProgressEvent } from './ports/progress.js';
export type { WarningLedger } from './ports/warning-ledger.js';

// Values that are typed and shown.
export { renderInstant, type Instant, type Seconds } from './zone/instant.js';
export { DEFAULT_KEY_SPEC, parseKeySpec, renderKeyLength, type KeySpec } from './zone/key-spec.js';
export { parseKeyUri, renderKeyUri, tokenName, type KeyUri } from './zone/key-uri.js';
export { parseTarget } from './zone/network-target.js';
export type { OffsetAt } from './zone/local-time.js';
export type { Activation, GatePolicy, OperationPhase } from './zone/operation-terms.js';
export { parseDuration } from './zone/parse-duration.js';
export { parseMoment, parseWhen } from './zone/parse-when.js';
export { renderMoment, renderWhen } from './zone/render-when.js';

// Judgements and words of the reading side.
export { daysLeft, renderDaysLeft } from './zone/certificate-life.js';
export type { CertificateStatus } from './zone/certificate-status.js';
export { decideExpiryWarning } from './zone/expiry-warning.js';
export type { Standing } from './zone/decide-standing.js';
export type { Finding, Severity } from './zone/finding.js';
export type { EventVerdict } from './zone/verify-events.js';
export { shellWord } from './zone/shell-word.js';

// The objects of a zone.
export type { AuditEvent } from './zone/audit-event.js';
export type { CaMove } from './zone/ca-move.js';
export type { CertificateRecord } from './zone/certificate-record.js';
export {
  decideMember,
  parseIpAddress,
  refuseDuplicates,
  type MemberInput,
} from './zone/decide-member.js';
export { memberHome } from './zone/member-home.js';
export { SATELLITE_ROLES, type Member, type SatelliteRole } from './zone/member.js';
export type { MemberProblem, Operation, OperationMember } from './zone/operation.js';
export { custodyOfKey, type Custody } from './zone/zone.js';
export type { RemintPlan, RemintRequest } from './zone/remint-plan.js';

// Judging certificates, without a zone.
export { parseExpectedName } from './path/expected-name.js';
export type { ExpectedName } from './path/path-input.js';
export {
  verifyCertificate,
  type VerifyReport,
  type VerifyRequest,
} from './operations/verify-certificate.js';

// Use cases: plan, execute, recover.
export { planInit, executeInit, type InitPlan, type InitReport } from './operations/init-zone.js';
export {
  planExternalInit,
  executeExternalInit,
  type ExternalInitPlan,
  type ExternalInitReport,
} from './operations/init-external-zone.js';
export { planAdd, executeAdd, type AddPlan, type AddReport } from './operations/add-members.js';
export {
  planSet,
  executeSet,
  planRemove,
  executeRemove,
  type MemberUpdate,
  type RemovePlan,
  type SetPlan,
} from './operations/change-members.js';
export { planWaive, executeWaive, type WaivePlan } from './operations/waive-members.js';
export {
  isExternalZone,
  planExternalRemint,
  type ExternalRemintPlan,
} from './operations/plan-external-remint.js';
export { executeExternalRemint } from './operations/execute-external-remint.js';
export { planRemint } from './operations/plan-remint.js';
export { executeRemint } from './operations/execute-remint.js';
export {
  planActivation,
  executeActivation,
  type ActivationPlan,
} from './operations/activate-servers.js';
export type { Resumed } from './operations/resume-operation.js';
export { resumeOperations } from './operations/resume-operations.js';
export { planCancel, executeCancel, type CancelPlan } from './operations/cancel-request.js';
export { planRollback, executeRollback, type RollbackPlan } from './operations/rollback-request.js';
export { planRetire, executeRetire, type RetirePlan } from './operations/retire-request.js';
export {
  planCaChange,
  type CaChangePlan,
  type CaChangeRequest,
} from './operations/plan-ca-change.js';
export { keepsTrust } from './zone/ca-change.js';
export { executeCaChange } from './operations/execute-ca-change.js';
export { renderBackup } from './zone/render-backup.js';
export { planCaMove, type CaMovePlan } from './operations/plan-ca-move.js';
export { executeCaMove, type CaMoveReport } from './operations/execute-ca-move.js';
export type { OperationReport } from './operations/report-operation.js';

// Backups.
export { renderAge } from './zone/render-backup.js';
export type { VerifiedBackup } from './zone/verified-backup.js';
export { planBackup, executeBackup, type BackupPlan } from './operations/make-backup.js';
export { proveBackup, type ProvedBackup } from './operations/prove-backup.js';
export { proveTokenKeys, type ProvedTokenKey } from './operations/prove-token-keys.js';
export { planRestore, type RestorePlan } from './operations/plan-restore.js';
export { executeRestore, type RestoreReport } from './operations/execute-restore.js';

// Requests to external CAs.
export type { RequestsPlan } from './zone/plan-requests.js';
export type { RequestsWish, SubjectFields } from './zone/requests-wish.js';
export {
  generateRequests,
  planGenerateRequests,
  type HandedRequest,
  type RequestsReport,
} from './operations/generate-requests.js';
export { listRequests } from './operations/list-requests.js';
// The CA as a subordinate of another.
export type { AuthorityRequest } from './zone/authority-request.js';
export {
  executeSubordinateInit,
  planSubordinateInit,
  type SubordinateInitPlan,
  type SubordinateInitReport,
} from './operations/init-subordinate-zone.js';
export {
  executeAuthorityRequest,
  planAuthorityRequest,
  type AuthorityRequestPlan,
  type AuthorityWanted,
} from './operations/request-authority.js';
export { isSubordinateZone } from './operations/is-subordinate-zone.js';
export {
  executeWithdraw,
  planWithdraw,
  type WithdrawPlan,
} from './operations/withdraw-authority.js';
export { findAwaitedAuthority } from './operations/find-awaited-authority.js';
export { planAuthorityImport } from './operations/plan-authority-import.js';
export { executeAuthorityImport } from './operations/execute-authority-import.js';
export type {
  AuthorityImportPlan,
  AuthorityImportRequest,
} from './operations/authority-import-plan.js';

export { planImport } from './operations/plan-import.js';
export { importRefusal } from './operations/import-rows.js';
export { executeImport } from './operations/execute-import.js';
export type { ImportFile, ImportPlan, ImportRequest, ImportRow } from './operations/import-plan.js';

// Satellites.
export type { KeystoreFormat } from './zone/keystore.js';
export type { KeystoreWish } from './operations/choose-keystore.js';
export { findSatellite } from './operations/find-satellite.js';
export {
  readImportMaterial,
  type GivenFile,
  type ImportMaterial,
} from './operations/import-material.js';
export {
  planSatelliteSet,
  type SatellitePlan,
  type SatelliteRequest,
} from './operations/plan-satellite-set.js';
export { placeSatelliteSet } from './operations/place-satellite-set.js';
export {
  executeRestart,
  planRestart,
  type RestartOutcome,
  type RestartPlan,
} from './operations/restart-services.js';

// Administrators.
export { PRIVILEGES, type Privilege } from './zone/administrator.js';
export {
  executeAddAdministrator,
  executeRemoveAdministrator,
  executeSetPassword,
  planAddAdministrator,
  planRemoveAdministrator,
  planSetPassword,
  type AdministratorPlan,
} from './operations/change-administrators.js';
export { listAdministrators, type AdministratorRow } from './operations/list-administrators.js';

// Use cases that only read.
export { readAuthorityEnd } from './operations/read-authority-end.js';
export type { OperationStatus } from './operations/operation-status.js';
export { readStatus, type ZoneStatus } from './operations/zone-status.js';
export type { LinkDifference } from './operations/observe-links.js';
export { checkHealth, type Health } from './operations/check-health.js';
export { examineZone } from './operations/examine-zone.js';
export type { WriterFacts } from './operations/examined.js';
export {
  listAuthorities,
  showAuthority,
  type AuthorityPane,
  type AuthorityRow,
} from './operations/list-authorities.js';
export { exportAuthority } from './operations/export-authority.js';
export {
  lineOfServer,
  listServerLines,
  type ListedServer,
} from './operations/list-server-lines.js';
export { areServersAtRest, listServerRuns, type ServerRun } from './operations/list-server-runs.js';
export { executeCrls, planCrls, type CrlPlan, type CrlReport } from './operations/make-crls.js';
export type { CrlIssuer } from './zone/crl-issuer.js';
export { crlEnds, judgeCrls, type CrlStanding } from './zone/judge-crls.js';
export { readCrlStanding } from './operations/read-crl-standing.js';
export { readSettings } from './operations/read-settings.js';
export type { ExtensionSettings } from './zone/extension-settings.js';
export type { IssuePlan, IssueRequest, WaitingIssue } from './operations/issue-plan.js';
export { planIssue } from './operations/plan-issue.js';
export { executeIssue, type IssueOutlet, type IssueReport } from './operations/execute-issue.js';
export { issuedPfx } from './operations/issued-pfx.js';
export { keyPem } from './operations/key-block.js';
export {
  executeModuleChange,
  planModuleChange,
  type ModulePlan,
  type ModuleReport,
} from './operations/change-module.js';
export { listIssued, type IssuedRow } from './operations/list-issued.js';
export { requireLongSecret } from './zone/secret-rule.js';
export { parseIssuedName } from './zone/issued-names.js';
export type { IssuedPurpose } from './zone/issued-profile.js';
export { allNames } from './zone/issued-names.js';
export { generalNameWords } from './x509/general-name-words.js';
export { crlBundle } from './operations/publish-crls.js';
export {
  planRevocation,
  executeRevocation,
  type RevokePlan,
} from './operations/revoke-certificate.js';
export { parseRevocationReason } from './zone/revocation-reason.js';
export { listServerCertificates, type ServerCertificate } from './operations/list-certificates.js';
export {
  showServerCertificate,
  type ServerCertificatePane,
} from './operations/show-server-certificate.js';
export type { CertificateDigests } from './operations/certificate-digests.js';
export { verifyServers, type ServerVerdict } from './operations/verify-servers.js';
export {
  listDevices,
  listServers,
  showDevice,
  showServer,
  type DeviceRow,
  type ServerPage,
  type ServerRow,
} from './operations/list-members.js';
export { listEvents } from './operations/list-events.js';
export { verifyEventLog } from './operations/verify-event-log.js';
export { readReadiness } from './operations/read-readiness.js';
// Files of certificates and keys.
export type { Container, ContainerItem } from './x509/container.js';
export { describeEncryption } from './x509/encryption-method.js';
export type { Extension } from './x509/extension.js';
export { extensionWords } from './x509/extension-words.js';
export { readContainer } from './operations/read-container.js';
export {
  inspectContainer,
  type InspectedItem,
  type Inspection,
} from './operations/inspect-container.js';
export {
  convertContainer,
  hasKeys,
  requireLossless,
  type Target,
} from './operations/convert-container.js';
export { selectItems, type Selection } from './operations/select-items.js';

// Trust.
export { readRootFiles, renderRootFile } from './operations/root-files.js';
export { parseFingerprint } from './zone/parse-fingerprint.js';
export {
  fetchChain,
  requireFingerprint,
  type FetchedCertificate,
  type FetchedChain,
  type FetchRequest,
  type Wanted,
} from './operations/fetch-chain.js';
export { planSave, executeSave, type SavePlan } from './operations/save-chain.js';
export { START_TLS, type StartTls } from './zone/start-tls.js';
export { planInstall, executeInstall, type InstallPlan } from './operations/install-trust.js';
export { planMerge, executeMerge, type MergePlan } from './operations/merge-trust.js';
export { parseAnchorAlias } from './zone/anchor-alias.js';
export type { TrustAnchor } from './zone/trust-anchor.js';
export { listAnchors, type AnchorRow } from './operations/list-anchors.js';
export {
  planAddAnchors,
  executeAddAnchors,
  type AddAnchorsPlan,
  type AddAnchorsRequest,
} from './operations/add-anchors.js';
export {
  planRemoveAnchors,
  executeRemoveAnchors,
  type RemoveAnchorsPlan,
} from './operations/remove-anchors.js';
