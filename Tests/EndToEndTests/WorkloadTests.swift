import Testing

extension EndToEndTests {
    /// What the sandbox is for: real work of the usual libraries, with every layer closed.
    @Suite(.daemon("--set", "python.network=loopback"))
    struct WorkloadTests {
        private let daemon: Daemon

        init() throws { daemon = try #require(Daemon.shared) }

        private static let cells: [(name: String, code: String, shows: String)] = [
            (
                "numpy",
                """
                import numpy as np
                a = np.random.default_rng(1).normal(size=(200, 200))
                u, s, v = np.linalg.svd(a)
                print(np.allclose(u @ np.diag(s) @ v, a), round(float(np.abs(np.fft.ifft(np.fft.fft(s)) - s).max()), 9))
                """, "True 0.0"
            ),
            (
                "pandas",
                """
                import io, pandas as pd
                frame = pd.read_csv(io.StringIO("k,v\\n" + "\\n".join(f"{i % 3},{i}" for i in range(999))))
                frame.to_csv("out.csv", index=False)
                print(pd.read_csv("out.csv").groupby("k").v.sum().tolist())
                """, "[165834, 166167, 166500]"
            ),
            (
                "scipy",
                """
                from scipy import integrate, optimize, stats
                print(round(optimize.brentq(lambda x: x ** 3 - 2, 0, 2), 6), round(integrate.quad(lambda x: x * x, 0, 3)[0], 6),
                      round(stats.norm.cdf(1.96), 4))
                """, "1.259921 9.0 0.975"
            ),
            (
                "sympy",
                """
                import sympy as sp
                x = sp.symbols('x')
                print(sp.integrate(sp.sin(x) ** 2, (x, 0, sp.pi)), sp.factor(x ** 4 - 1))
                """, "pi/2 (x - 1)*(x + 1)*(x**2 + 1)"
            ),
            (
                "matplotlib",
                """
                import matplotlib.pyplot as plt
                figure, axes = plt.subplots(); axes.hist(range(100)); figure.savefig("h.png"); plt.close(figure)
                print(open("h.png", "rb").read(4))
                """, #"b'\x89PNG'"#
            ),
            (
                "multiprocessing",
                """
                import multiprocessing
                with multiprocessing.get_context("fork").Pool(3) as pool:
                    print(sum(pool.map(abs, range(-1000, 0))))
                """, "500500"
            ),
            (
                "subprocess",
                """
                import subprocess, sys
                text = subprocess.run("seq 1 5 | sort -r | head -2 | tr '\\\\n' ' '", shell=True, capture_output=True, text=True)
                child = subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True)
                print(text.stdout.strip(), child.stdout.strip())
                """, "5 4 42"
            ),
            (
                "text and file names beyond ASCII",
                """
                import csv, json, os, pathlib
                open("é漢.txt", "w").write("Größe")
                pathlib.Path("Ünder").mkdir(); pathlib.Path("Ünder/😀.csv").write_text("ä,ö")
                json.dump({"é": "漢"}, open("j.json", "w"), ensure_ascii=False)
                print(open("é漢.txt").read(), open("é漢.txt", "rb").read()[2:4], sorted(os.listdir(".")), os.listdir("Ünder"),
                      next(csv.reader(open("Ünder/😀.csv"))), json.load(open("j.json")))
                """,
                #"Größe b'\xc3\xb6' ['j.json', 'Ünder', 'é漢.txt'] ['😀.csv'] ['ä', 'ö'] {'é': '漢'}"#
            ),
            (
                "encodings that are said",
                """
                open("l", "w", encoding="latin-1").write("é"); open("s", "w", encoding="utf-8-sig").write("é")
                try:
                    open("a", "w", encoding="ascii").write("é")
                except UnicodeEncodeError as error:
                    print(open("l", "rb").read(), open("s", "rb").read(), error.encoding)
                """, #"b'\xe9' b'\xef\xbb\xbf\xc3\xa9' ascii"#
            ),
            (
                "text that programs take and give",
                """
                import subprocess, sys
                def said(*command, **options): return subprocess.run(command, capture_output=True, text=True, **options).stdout
                code = "import sys; open('ü', 'w').write(sys.argv[1]); print(sys.stdin.read() + open('ü').read())"
                print(said("printf", "漢"), said(sys.executable, "-c", code, "é", input="😀").strip(),
                      said(sys.executable, "-c", code, "é", input="ö", env={}).strip(), said("wc", "-m", input="é漢").strip(),
                      said("locale", "charmap").strip(), subprocess.getoutput("ls -b ü"))
                """, "漢 😀é öé 2 UTF-8 ü"
            ),
            (
                "asyncio",
                """
                import asyncio
                async def serve(reader, writer):
                    writer.write((await reader.readline()).upper()); await writer.drain(); writer.close()
                async def talk():
                    server = await asyncio.start_server(serve, "127.0.0.1", 0)
                    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
                    writer.write(b"hello\\n")
                    return await asyncio.gather(reader.readline(), asyncio.to_thread(sum, range(10)))
                print(await talk())
                """, #"[b'HELLO\n', 45]"#
            ),
            (
                "sqlite3",
                """
                import sqlite3
                base = sqlite3.connect("x.db"); base.execute("pragma journal_mode=wal")
                base.execute("create table t(a)"); base.executemany("insert into t values (?)", [(i,) for i in range(1000)])
                base.commit(); print(base.execute("select count(*), sum(a) from t").fetchone())
                """, "(1000, 499500)"
            ),
            (
                "threads",
                """
                import concurrent.futures, threading
                lock, total = threading.Lock(), 0
                def add(n):
                    global total
                    with lock: total += n
                with concurrent.futures.ThreadPoolExecutor(8) as pool: list(pool.map(add, range(1000)))
                print(total)
                """, "499500"
            ),
            (
                "tempfile and zipfile",
                """
                import pathlib, tempfile, zipfile
                with tempfile.TemporaryDirectory() as folder:
                    path = pathlib.Path(folder) / "a.zip"
                    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack: pack.writestr("a/b.txt", "x" * 10000)
                    print(zipfile.ZipFile(path).read("a/b.txt").count(b"x"), path.stat().st_size < 200)
                """, "10000 True"
            ),
            (
                "requests",
                """
                import http.server, requests, threading
                class Handler(http.server.BaseHTTPRequestHandler):
                    def do_POST(self):
                        body = self.rfile.read(int(self.headers["Content-Length"]))
                        self.send_response(201); self.end_headers(); self.wfile.write(body[::-1])
                    def log_message(self, *arguments): pass
                server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
                threading.Thread(target=server.serve_forever, daemon=True).start()
                answer = requests.post(f"http://127.0.0.1:{server.server_port}/", data=b"abc")
                print(answer.status_code, answer.text)
                """, "201 cba"
            ),
            (
                "networkx and scikit-learn",
                """
                import networkx as nx, numpy as np
                from sklearn.cluster import KMeans
                points = np.concatenate([np.zeros((20, 2)), np.ones((20, 2)) * 9])
                labels = KMeans(2, n_init=3, random_state=0).fit(points).labels_
                print(len(set(labels[:20])), labels[0] != labels[-1], nx.shortest_path_length(nx.cycle_graph(10), 0, 5))
                """, "1 True 5"
            ),
        ]

        @Test(arguments: cells.indices)
        func `the usual libraries do real work`(index: Int) async throws {
            let (name, code, shows) = Self.cells[index]
            let answer = try await daemon.call(code, in: "workload-\(index)")
            #expect(answer.text == shows, "\(name)")
        }
    }
}
