filedesc://old.arc 0.0.0.0 20020305120000 text/plain 68
1 1 Archive
URL IP-address Archive-date Content-type Archive-length

dns:post.example 192.0.2.7 20020305120000 text/dns 48
20020305120000
post.example. 300 IN A 192.0.2.7

http://post.example/old page.html 192.0.2.7 20020305120000 text/html 940
HTTP/1.0 200 OK
Content-Type: text/html

<!DOCTYPE html>
<html lang="en"><head><title>Bridge across the Øresund opens to traffic | The Harbour Post</title><meta property="article:published_time" content="2000-07-02T08:30:00+01:00"><meta name="author" content="Ingrid Falk"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<article><h1>Bridge across the Øresund opens to traffic</h1>
<p>The first cars crossed the bridge between Copenhagen and Malmö on Saturday evening, a few hours after Queen Margrethe and King Carl Gustaf had met halfway along it.</p>
<p>Builders needed five years for the link of sixteen kilometres, which is part bridge, part island and part tunnel. It was finished three months early.</p>
<p>Ferry companies on both shores said they expected to lose a third of their passengers by the end of the year.</p>
</article>
<footer>Terms of use</footer></body></html>

http://post.example/gone.html 192.0.2.7 20020305120000 text/html 63
HTTP/1.0 410 Gone
Content-Type: text/html

<html>Gone</html>
some bytes that are no record
http://post.example/comet.html 192.0.2.7 20020305120000 text/html 200 - - 0 old.arc 907
HTTP/1.0 200 OK
Content-Type: text/html

<!DOCTYPE html>
<html lang="en"><head><title>Robot lands on a comet, and bounces | The Harbour Post</title><meta property="article:published_time" content="2014-11-12T08:30:00+01:00"><meta name="author" content="Tomas Reuter"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<article><h1>Robot lands on a comet, and bounces</h1>
<p>A spacecraft the size of a washing machine came down on a comet on Wednesday, 510 million kilometres from Earth, and then rose again twice before it lay still.</p>
<p>Engineers in Darmstadt said that the harpoons meant to hold Philae to the ground had not fired. Its instruments worked all the same.</p>
<p>The lander had travelled for ten years on the back of Rosetta, the European probe that goes on circling the comet.</p>
</article>
<footer>Terms of use</footer></body></html>

