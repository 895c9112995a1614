# Makes a file of every format with keytool, from what make-formats.sh made, in the current folder. The passphrase is "open sesame".
set -e
P='open sesame'
for K in rsa p256 p384 p521 ed25519; do
  for T in JKS JCEKS; do
    keytool -importkeystore -srckeystore $K.rc2.p12 -srcstoretype PKCS12 -srcstorepass "$P" -destkeystore $K.$T -deststoretype $T -deststorepass "$P" -noprompt 2>/dev/null
  done
done
cp p256.JKS other.JKS
keytool -keypasswd -alias p256 -keystore other.JKS -storetype JKS -storepass "$P" -keypass "$P" -new 'another one' 2>/dev/null
keytool -importcert -noprompt -alias 'the CA' -file ca.pem -keystore trust.JKS -storetype JKS -storepass "$P" 2>/dev/null
keytool -importkeystore -srckeystore rsa.rc2.p12 -srcstoretype PKCS12 -srcstorepass "$P" -destkeystore java.p12 -deststoretype PKCS12 -deststorepass "$P" -noprompt 2>/dev/null
keytool -importkeystore -srckeystore p256.rc2.p12 -srcstoretype PKCS12 -srcstorepass "$P" -destkeystore java.p12 -deststoretype PKCS12 -deststorepass "$P" -noprompt 2>/dev/null
keytool -importcert -noprompt -alias root -file ca.pem -keystore java.p12 -storetype PKCS12 -storepass "$P" 2>/dev/null
keytool -J-Dkeystore.pkcs12.legacy -importcert -noprompt -alias root -file ca.pem -keystore javaold.p12 -storetype PKCS12 -storepass "$P" 2>/dev/null
keytool -genseckey -alias secret -keyalg AES -keysize 128 -keystore secret.JCEKS -storetype JCEKS -storepass "$P" 2>/dev/null
