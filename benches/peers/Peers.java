// Lucene as a peer of `benches/peers.py`: indexes a folder of text files, and answers questions.
//
//     javac -cp LUCENE_JARS Peers.java
//     java -cp LUCENE_JARS:. Peers index FOLDER INDEX     first line: title; the rest: body; both stored, with positions
//     java -cp LUCENE_JARS:. Peers count INDEX QUERY      how many articles
//     java -cp LUCENE_JARS:. Peers ask INDEX FILE         one query a line: hits, median ms of a count and of the ten best
//
// Defaults of Lucene throughout, with as many threads as the machine has cores and 160 MB for what is under construction.
// Words are split by StandardAnalyzer, without stop words.
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.queryparser.classic.MultiFieldQueryParser;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.store.FSDirectory;

public class Peers {
    static final int FEWEST = 5;
    static final long LONG_ENOUGH = 300_000_000L;
    /** Before a query is measured, so that it runs as a server would run it. */
    static final long WARM = 500_000_000L;

    static StandardAnalyzer analyzer() {
        return new StandardAnalyzer(CharArraySet.EMPTY_SET);
    }

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "index":
                index(Paths.get(arguments[1]), Paths.get(arguments[2]));
                break;
            case "count":
                try (DirectoryReader reader = open(arguments[1])) {
                    System.out.println(new IndexSearcher(reader).count(parse(arguments[2])));
                }
                break;
            case "ask":
                ask(arguments[1], Paths.get(arguments[2]));
                break;
            default:
                throw new IllegalArgumentException(arguments[0]);
        }
    }

    static DirectoryReader open(String index) throws IOException {
        return DirectoryReader.open(FSDirectory.open(Paths.get(index)));
    }

    static void index(Path folder, Path index) throws Exception {
        IndexWriterConfig config = new IndexWriterConfig(analyzer());
        config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
        config.setRAMBufferSizeMB(160);
        List<Path> files;
        try (Stream<Path> walked = Files.walk(folder)) {
            files = walked.filter(Files::isRegularFile).collect(Collectors.toList());
        }
        ConcurrentLinkedQueue<Path> queue = new ConcurrentLinkedQueue<>(files);
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (IndexWriter writer = new IndexWriter(FSDirectory.open(index), config)) {
            List<Thread> threads = new ArrayList<>();
            for (int number = 0; number < Runtime.getRuntime().availableProcessors(); number++) {
                Thread thread = new Thread(() -> {
                    try {
                        for (Path path; (path = queue.poll()) != null; ) {
                            writer.addDocument(document(folder, path));
                        }
                    } catch (Throwable failure) {
                        failures.add(failure);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            writer.commit();
        }
        if (!failures.isEmpty()) {
            throw new IOException(failures.peek());
        }
    }

    static Document document(Path folder, Path path) throws IOException {
        // What is no UTF-8 is replaced, as elsewhere.
        String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        Document document = new Document();
        document.add(new StringField("id", folder.relativize(path).toString(), Field.Store.YES));
        document.add(new TextField("title", end < 0 ? text : text.substring(0, end), Field.Store.YES));
        document.add(new TextField("body", end < 0 ? "" : text.substring(end + 1), Field.Store.YES));
        return document;
    }

    static Query parse(String text) throws Exception {
        MultiFieldQueryParser parser = new MultiFieldQueryParser(new String[] {"title", "body"}, analyzer());
        parser.setDefaultOperator(QueryParser.Operator.AND);
        return parser.parse(text);
    }

    interface Question {
        int ask() throws Exception;
    }

    static void ask(String index, Path queries) throws Exception {
        try (DirectoryReader reader = open(index)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            // Answers are not kept from one repetition to the next.
            searcher.setQueryCache(null);
            for (String line : Files.readAllLines(queries)) {
                double[] count = measure(() -> searcher.count(parse(line)));
                double[] page = measure(() -> {
                    TopScoreDocCollector best = TopScoreDocCollector.create(10, Integer.MAX_VALUE);
                    searcher.search(parse(line), best);
                    for (ScoreDoc hit : best.topDocs().scoreDocs) {
                        searcher.doc(hit.doc);
                    }
                    return best.getTotalHits();
                });
                System.out.printf("{\"hits\":%d,\"count\":%f,\"page\":%f}%n", (int) count[0], count[1], page[1]);
            }
        }
    }

    static double[] measure(Question question) throws Exception {
        int hits = question.ask();
        for (long began = System.nanoTime(); System.nanoTime() - began < WARM; ) {
            question.ask();
        }
        List<Long> times = new ArrayList<>();
        for (long began = System.nanoTime(); times.size() < FEWEST || System.nanoTime() - began < LONG_ENOUGH; ) {
            long asked = System.nanoTime();
            question.ask();
            times.add(System.nanoTime() - asked);
        }
        long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
        return new double[] {hits, sorted[sorted.length / 2] / 1e6};
    }
}
