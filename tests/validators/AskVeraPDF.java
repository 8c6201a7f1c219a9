import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Answers as long as it is asked: each line of standard input is a flavour, a space and a PDF's path.
 *
 * For each rule that the file breaks it prints one line, then a line with the number of checks, or
 * with "error" where the file cannot be judged.
 */
public final class AskVeraPDF {
    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String[] question = line.split(" ", 2);
            try {
                judge(PDFAFlavour.fromString(question[0]), question[1]);
            } catch (Exception cause) {
                System.out.println("error: " + cause);
            }
            System.out.flush();
        }
    }

    private static void judge(PDFAFlavour flavour, String path) throws Exception {
        try (InputStream content = new FileInputStream(path);
                PDFAParser parser = Foundries.defaultInstance().createParser(content, flavour)) {
            ValidationResult result =
                Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
            Set<String> broken = new LinkedHashSet<>();
            for (TestAssertion check : result.getTestAssertions()) {
                if (check.getStatus() == TestAssertion.Status.FAILED) {
                    String message = check.getMessage().replaceAll("\\s+", " ");
                    broken.add(check.getRuleId().getClause() + ": " + message);
                }
            }
            broken.forEach(rule -> System.out.println("broken " + rule));
            System.out.println("checks: " + result.getTotalAssertions());
        }
    }
}
