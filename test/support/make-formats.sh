# Makes a file of every format with openssl, in the current folder. The passphrase is "open sesame".
set -e
P='pass:open sesame'
cat > ext <<'END'
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:web1.example.com,IP:192.0.2.7
END
printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n' > ca.ext
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -subj '/O=Zone/CN=Test CA' -out ca.csr
openssl x509 -req -in ca.csr -signkey ca.key -days 3650 -extfile ca.ext -out ca.pem
make_key() {
  case $1 in
    rsa) openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 ;;
    p256) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 ;;
    p384) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 ;;
    p521) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 ;;
    ed25519) openssl genpkey -algorithm ED25519 ;;
  esac
}
for K in rsa p256 p384 p521 ed25519; do
  make_key $K > $K.key
  openssl pkcs8 -topk8 -nocrypt -in $K.key -outform DER -out $K.pkcs8.der
  openssl pkey -in $K.key -pubout -out $K.pub
  openssl req -new -key $K.key -subj '/CN=web1.example.com' -addext 'subjectAltName=DNS:web1.example.com' -out $K.csr
  openssl req -in $K.csr -outform DER -out $K.csr.der
  openssl x509 -req -in $K.csr -CA ca.pem -CAkey ca.key -days 300 -extfile ext -out $K.pem
  openssl x509 -in $K.pem -outform DER -out $K.der
  cat $K.pem ca.pem > $K.chain.pem
  openssl crl2pkcs7 -nocrl -certfile $K.chain.pem -out $K.p7b
  openssl crl2pkcs7 -nocrl -certfile $K.chain.pem -outform DER -out $K.p7b.der
  openssl pkcs8 -topk8 -in $K.key -v2 aes-256-cbc -v2prf hmacWithSHA512 -passout "$P" -out $K.enc-aes.pem
  openssl pkcs8 -topk8 -in $K.key -v2 aes-128-cbc -v2prf hmacWithSHA1 -outform DER -passout "$P" -out $K.enc-aes.der
  openssl pkcs8 -topk8 -in $K.key -v2 des3 -passout "$P" -out $K.enc-des3.pem
  openssl pkcs8 -topk8 -in $K.key -scrypt -passout "$P" -out $K.enc-scrypt.pem
  openssl pkcs8 -topk8 -in $K.key -v1 PBE-SHA1-3DES -passout "$P" -out $K.enc-pbe3des.pem
  openssl pkcs12 -export -inkey $K.key -in $K.pem -certfile ca.pem -name "web one $K" -passout "$P" -out $K.p12
  openssl pkcs12 -export -inkey $K.key -in $K.pem -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -name $K -passout "$P" -out $K.3des.p12
  openssl pkcs12 -export -legacy -inkey $K.key -in $K.pem -certfile ca.pem -name $K -passout "$P" -out $K.rc2.p12
  openssl pkcs12 -export -inkey $K.key -in $K.pem -name $K -passout pass: -out $K.empty.p12
  openssl pkcs12 -export -inkey $K.key -in $K.pem -name $K -nomac -passout "$P" -out $K.nomac.p12
  openssl pkcs12 -export -inkey $K.key -in $K.pem -name $K -keypbe NONE -certpbe NONE -nomac -passout pass: -out $K.plain.p12
done
for K in p256 p384 p521; do
  openssl ec -in $K.key -out $K.sec1 2>/dev/null
  openssl ec -in $K.key -outform DER -out $K.sec1.der 2>/dev/null
  openssl ec -in $K.key -aes256 -passout "$P" -out $K.oldpem 2>/dev/null
done
openssl rsa -in rsa.key -traditional -out rsa.pkcs1 2>/dev/null
openssl rsa -in rsa.key -traditional -outform DER -out rsa.pkcs1.der 2>/dev/null
openssl rsa -in rsa.key -traditional -aes128 -passout "$P" -out rsa.oldpem 2>/dev/null
openssl rsa -in rsa.key -traditional -des3 -passout "$P" -out rsa.oldpem-des3 2>/dev/null
openssl rsa -in rsa.key -RSAPublicKey_out -out rsa.rsapub 2>/dev/null
openssl ecparam -name prime256v1 -genkey -out withparams.key
for A in PBE-MD5-DES PBE-SHA1-DES PBE-SHA1-RC2-64 PBE-SHA1-RC4-128 PBE-SHA1-RC4-40 PBE-SHA1-2DES PBE-SHA1-RC2-128 PBE-SHA1-RC2-40; do
  openssl pkcs8 -topk8 -in rsa.key -v1 $A -provider legacy -provider default -passout "$P" -out rsa.$A.pem
done
openssl x509 -in rsa.pem -trustout -addtrust serverAuth -setalias friend -out rsa.trusted
printf '' > index.txt; printf '01\n' > crlnumber
printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=30\n' > ca.cnf
openssl ca -config ca.cnf -gencrl -keyfile ca.key -cert ca.pem -out ca.crl 2>/dev/null
openssl crl -in ca.crl -outform DER -out ca.crl.der
openssl crl2pkcs7 -in ca.crl -certfile ca.pem -out withcrl.p7b
openssl cms -sign -signer p256.pem -inkey p256.key -in ext -outform PEM -nodetach -out signed.cms
openssl pkcs12 -export -nokeys -in ca.pem -caname 'the CA' -passout "$P" -out trust.p12
