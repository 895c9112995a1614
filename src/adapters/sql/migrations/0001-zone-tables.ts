import type { Dialect, Migration } from '../migration.js';

/** The tables of the zone, its certificates, its operations and its audit log. */
export const ZONE_TABLES: Migration = {
  version: 1,
  name: 'zone-tables',
  statements: (dialect) => [
    ...zoneAndMembers(dialect),
    ...certificates(dialect),
    ...operations(dialect),
    ...auditEvents(dialect),
  ],
};

function zoneAndMembers({ integer, text, tableSuffix }: Dialect): readonly string[] {
  return [
    `CREATE TABLE zone (
      id ${text} PRIMARY KEY, name ${text} NOT NULL, created_at ${integer} NOT NULL,
      custody ${text} NOT NULL, key_spec ${text} NOT NULL, ca_member_id ${text},
      row_digest ${text} NOT NULL
    )${tableSuffix}`,
    `CREATE TABLE members (
      id ${text} PRIMARY KEY, name ${text} NOT NULL UNIQUE, path ${text} NOT NULL UNIQUE,
      kind ${text} NOT NULL, roles ${text} NOT NULL, dns_name ${text},
      additional_dns_names ${text} NOT NULL, ip_addresses ${text} NOT NULL, home ${text},
      reload ${text}, probe ${text}, version ${text}, added_at ${integer} NOT NULL,
      row_digest ${text} NOT NULL
    )${tableSuffix}`,
    `CREATE TABLE member_sets (
      member_id ${text} NOT NULL, number ${integer} NOT NULL, purpose ${text} NOT NULL,
      state ${text} NOT NULL, leaf ${text}, chain ${text} NOT NULL, trust ${text} NOT NULL,
      operation_id ${text}, created_at ${integer} NOT NULL, row_digest ${text} NOT NULL,
      PRIMARY KEY (member_id, number)
    )${tableSuffix}`,
  ];
}

function certificates({ integer, text, bytes, tableSuffix }: Dialect): readonly string[] {
  const recorded = `${text} NOT NULL REFERENCES certificates (fingerprint) DEFERRABLE INITIALLY DEFERRED`;
  return [
    `CREATE TABLE certificates (
      fingerprint ${text} PRIMARY KEY, purpose ${text} NOT NULL, state ${text} NOT NULL,
      member_id ${text}, issuer_generation ${integer}, subject_generation ${integer},
      serial ${text} NOT NULL, subject ${text} NOT NULL, issuer ${text} NOT NULL,
      dns_names ${text} NOT NULL, ip_addresses ${text} NOT NULL, not_before ${integer} NOT NULL,
      not_after ${integer} NOT NULL, key_spec ${text} NOT NULL, spki_sha256 ${text} NOT NULL,
      key_from ${text}, operation_id ${text}, recorded_at ${integer} NOT NULL,
      row_digest ${text} NOT NULL
    )${tableSuffix}`,
    'CREATE INDEX certificates_by_state ON certificates (state, purpose, not_after)',
    'CREATE INDEX certificates_by_member ON certificates (member_id, state)',
    'CREATE INDEX certificates_by_operation ON certificates (operation_id)',
    'CREATE INDEX certificates_by_end ON certificates (not_after)',
    'CREATE INDEX certificates_by_time ON certificates (recorded_at, fingerprint)',
    `CREATE TABLE certificate_der (
      fingerprint ${recorded} PRIMARY KEY, der ${bytes} NOT NULL
    )${tableSuffix}`,
    `CREATE TABLE serial_reservations (
      issuer_spki_sha256 ${text} NOT NULL, serial ${text} NOT NULL, purpose ${text} NOT NULL,
      member_id ${text}, operation_id ${text}, reserved_at ${integer} NOT NULL,
      row_digest ${text} NOT NULL, UNIQUE (issuer_spki_sha256, serial)
    )${tableSuffix}`,
    `CREATE TABLE authorities (
      generation ${integer} PRIMARY KEY, kind ${text} NOT NULL, state ${text} NOT NULL,
      common_name ${text} NOT NULL, certificate ${recorded}, spki_sha256 ${text} NOT NULL,
      key_member_id ${text}, created_at ${integer} NOT NULL, row_digest ${text} NOT NULL
    )${tableSuffix}`,
    `CREATE TABLE trust_anchors (
      alias ${text} PRIMARY KEY, certificate ${recorded}, source ${text} NOT NULL,
      since ${integer} NOT NULL, row_digest ${text} NOT NULL
    )${tableSuffix}`,
  ];
}

function operations({ integer, text, tableSuffix }: Dialect): readonly string[] {
  return [
    `CREATE TABLE operations (
      id ${text} PRIMARY KEY, kind ${text} NOT NULL, phase ${text} NOT NULL,
      activation ${text} NOT NULL, policy ${text} NOT NULL, deadline ${integer},
      update_name ${text} NOT NULL, update_guid ${text} NOT NULL, keep_key ${integer} NOT NULL,
      compromised ${integer} NOT NULL, generation ${integer} NOT NULL,
      previous_generation ${integer} NOT NULL, planned_authority ${text},
      started_by ${text} NOT NULL, started_at ${integer} NOT NULL, ended_at ${integer},
      row_digest ${text} NOT NULL
    )${tableSuffix}`,
    'CREATE INDEX operations_by_phase ON operations (phase)',
    `CREATE TABLE operation_members (
      operation_id ${text} NOT NULL REFERENCES operations (id) DEFERRABLE INITIALLY DEFERRED,
      member_id ${text} NOT NULL, position ${integer} NOT NULL, planned ${text}, creation ${text},
      update_state ${text} NOT NULL, previous_set ${integer}, trust_set ${integer},
      future_set ${integer}, future_certificate ${text}, narrowed_set ${integer},
      target ${integer}, held ${integer} NOT NULL, evidence ${text},
      trust_proved_at ${integer}, waived ${integer} NOT NULL, problem ${text},
      row_digest ${text} NOT NULL, PRIMARY KEY (operation_id, member_id)
    )${tableSuffix}`,
  ];
}

function auditEvents({ integer, text, tableSuffix }: Dialect): readonly string[] {
  return [
    `CREATE TABLE audit_events (
      sequence ${integer} PRIMARY KEY, happened_at ${integer} NOT NULL, actor ${text} NOT NULL,
      what ${text} NOT NULL, operation_id ${text}, details ${text} NOT NULL,
      previous_hash ${text} NOT NULL, hash ${text} NOT NULL
    )${tableSuffix}`,
  ];
}
