import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import sun.misc.Signal;

/**
 * A TLS server as Java makes them: key and chain come out of a keystore, its password out of the
 * file beside it. Both are read again on SIGHUP; what cannot be read ends the server. Prints its
 * port.
 */
public class TlsServer {
  private static volatile SSLContext context;

  public static void main(String[] arguments) throws Exception {
    Path store = Path.of(arguments[0]);
    context = read(store);
    Signal.handle(new Signal("HUP"), signal -> readAgain(store));
    try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      System.out.println(plain.getLocalPort());
      while (true) {
        Socket accepted = plain.accept();
        new Thread(() -> answer(accepted)).start();
      }
    }
  }

  private static void readAgain(Path store) {
    try {
      context = read(store);
    } catch (Exception error) {
      error.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static SSLContext read(Path store) throws Exception {
    // Through one resolved folder: keystore and password are of one set.
    Path folder = store.getParent().toRealPath();
    char[] password = Files.readString(folder.resolve("keystore.pass")).toCharArray();
    KeyStore keys = KeyStore.getInstance(store.toString().endsWith(".jks") ? "JKS" : "PKCS12");
    try (InputStream bytes = Files.newInputStream(folder.resolve(store.getFileName()))) {
      keys.load(bytes, password);
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, password);
    SSLContext made = SSLContext.getInstance("TLS");
    made.init(managers.getKeyManagers(), null, null);
    return made;
  }

  /** Each connection gets the context of the moment, so that nobody is refused while it changes. */
  private static void answer(Socket accepted) {
    try (SSLSocket secure =
        (SSLSocket) context.getSocketFactory().createSocket(accepted, null, 0, true)) {
      secure.setUseClientMode(false);
      secure.startHandshake();
      secure.getOutputStream().write("hello\n".getBytes());
    } catch (IOException error) {
      System.err.println(error);
    }
  }
}
