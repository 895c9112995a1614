import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const EASYRSA = '/usr/share/easy-rsa/easyrsa';
const CA_CONFIG = `cat > ca.cnf <<'END'
[ca]
default_ca = zone
[zone]
database = index.txt
new_certs_dir = issued
serial = serial
certificate = ca.pem
private_key = ca.key
default_md = sha256
default_days = 365
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
END
mkdir issued && touch index.txt && echo 1000 > serial`;
const OPENSSL_CA = `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \\
  -subj /CN=Bench -keyout ca.key -out ca.pem`;

/**
 * What other programs do to make a key (P-256) and a certificate with a DNS name for each of many
 * servers, in the way that is fastest with each. All are Bash: `prepare` makes the CA in the folder
 * of a lane, `each` is run for every server with its name in `$n`, `last` once at the end. `count`
 * is how many servers are enough to measure it; `programs` must be installed.
 */
export const PEERS = [
  {
    name: 'openssl req -x509 -CA',
    programs: ['openssl'],
    count: 200,
    prepare: OPENSSL_CA,
    each: `openssl req -x509 -CA ca.pem -CAkey ca.key -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \\
      -days 365 -subj "/CN=$n.example.com" -addext "subjectAltName=DNS:$n.example.com" \\
      -addext basicConstraints=critical,CA:false -keyout "$n.key" -out "$n.pem"`,
  },
  {
    name: 'openssl req, one openssl ca',
    programs: ['openssl'],
    count: 200,
    prepare: `${OPENSSL_CA} && ${CA_CONFIG}`,
    each: `openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \\
      -subj "/CN=$n.example.com" -addext "subjectAltName=DNS:$n.example.com" \\
      -keyout "$n.key" -out "$n.csr"`,
    last: 'openssl ca -batch -notext -config ca.cnf -infiles *.csr',
  },
  {
    name: 'mkcert -ecdsa',
    programs: ['mkcert'],
    count: 200,
    prepare: 'export CAROOT=$PWD && mkcert -ecdsa first.example.com',
    each: 'mkcert -ecdsa -cert-file "$n.pem" -key-file "$n.key" "$n.example.com"',
  },
  {
    name: 'cfssl gencert',
    programs: ['cfssl', 'cfssljson'],
    count: 200,
    prepare: `echo '{"CN":"Bench","key":{"algo":"ecdsa","size":256}}' > ca.json &&
      cfssl gencert -loglevel=5 -initca ca.json | cfssljson -bare ca`,
    each: `echo '{"CN":"'$n'.example.com","hosts":["'$n'.example.com"],"key":{"algo":"ecdsa","size":256}}' |
      cfssl gencert -loglevel=5 -ca=ca.pem -ca-key=ca-key.pem - | cfssljson -bare "$n"`,
  },
  {
    name: 'certtool',
    programs: ['certtool'],
    count: 200,
    prepare: `certtool --generate-privkey --key-type=ecdsa --curve=secp256r1 --outfile ca.key &&
      printf 'cn = Bench\\nca\\ncert_signing_key\\nexpiration_days = 3650\\n' > ca.tmpl &&
      certtool --generate-self-signed --load-privkey ca.key --template ca.tmpl --outfile ca.pem`,
    each: `printf 'cn = %s\\ndns_name = %s\\ntls_www_server\\nsigning_key\\nexpiration_days = 365\\n' \\
        "$n.example.com" "$n.example.com" > "$n.tmpl" &&
      certtool --generate-privkey --key-type=ecdsa --curve=secp256r1 --outfile "$n.key" &&
      certtool --generate-certificate --load-privkey "$n.key" --load-ca-certificate ca.pem \\
        --load-ca-privkey ca.key --template "$n.tmpl" --outfile "$n.pem"`,
  },
  {
    name: 'easy-rsa',
    programs: [EASYRSA, 'openssl'],
    count: 20,
    prepare: `export EASYRSA_ALGO=ec EASYRSA_CURVE=prime256v1 EASYRSA_BATCH=1 EASYRSA_PKI=$PWD/pki &&
      ${EASYRSA} init-pki && ${EASYRSA} build-ca nopass`,
    each: `${EASYRSA} build-server-full "$n.example.com" nopass`,
  },
];

/** The programs among these that are not installed. */
export function missingPrograms(programs) {
  return programs.filter((program) => !isInstalled(program));
}

function isInstalled(program) {
  if (program.startsWith('/')) return existsSync(program);
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, program)));
}

/**
 * The Bash command that has a peer make `count` servers in `folder`, one lane a core. What
 * `prepare` makes is made first, by the same command with `count` 0.
 */
export function peerCommand(peer, { folder, lanes, count }) {
  const script = `set -uo pipefail
prepare() { ${peer.prepare}
}
each() { ${peer.each}
}
lane() {
  mkdir -p "$1/lane$2" && cd "$1/lane$2" || return 1
  if (($4 == 0)); then prepare; return; fi
  ${exportsOf(peer)}
  for ((i = $2; i <= $4; i += $3)); do n=web$i; each || return 1; done
  ${peer.last ?? ':'}
}
lanes=()
for ((l = 1; l <= $2; l++)); do lane "$1" "$l" "$2" "$3" >&2 & lanes+=($!); done
status=0
for l in "\${lanes[@]}"; do wait "$l" || status=1; done
exit $status`;
  return ['bash', '-c', script, 'bash', folder, String(lanes), String(count)];
}

/** What `prepare` exports is lost with the process that prepared. */
function exportsOf({ prepare }) {
  return /^export [^&]+/u.exec(prepare)?.[0] ?? ':';
}
