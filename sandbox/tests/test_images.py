"""Figures and images: a line, a file and the bytes of each."""

import io
import os

from PIL import Image

from harness import SessionTestCase

PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);\n"
PILLOW = "from PIL import Image\n"


class ImageTests(SessionTestCase):
    def path(self, name: str) -> str:
        return os.path.join(self.directory.name, name)

    def saved(self, kind: str, number: int = 1, extension: str = "png") -> str:
        return f"[{kind} {number} saved to {self.path(f'{kind}-{number}.{extension}')}]\n"

    def test_a_figure_is_a_line_a_file_and_bytes(self):
        outcome = self.run_cells(PLOT)
        self.assertEqual((outcome.status, outcome.text), (0, self.saved("figure")))
        ((mime, data),) = outcome.images
        self.assertEqual(mime, "image/png")
        with open(self.path("figure-1.png"), "rb") as file:
            self.assertEqual(file.read(), data)
        self.assertGreater(Image.open(io.BytesIO(data)).width, 300)

    def test_when_figures_are_shown(self):
        figure = self.saved("figure")
        cases = {
            "at the end": (PLOT + "print('after')", "after\n" + figure),
            "by show": (PLOT + "plt.show()\nprint('after')", figure + "after\n"),
            "by the figure's own": (PLOT + "plt.gcf().show()\nprint('after')", figure + "after\n"),
            "whatever the backend": ("import matplotlib\nmatplotlib.use('Agg')\n" + PLOT + "plt.show()\nprint('after')",
                                     figure + "after\n"),
            "once as a value": (PLOT + "plt.gcf()", figure),
            "once by display": (PLOT + "display(plt.gcf())\nplt.close()", figure),
            "not when closed": (PLOT + "plt.close()", ""),
            "not when captured": ("%%capture\n" + PLOT, ""),
            "before an error": (PLOT + "plt.show()\nnosuch", None),
            "one without pyplot": ("from matplotlib.figure import Figure\nf = Figure()\nf.add_subplot()\nf", figure),
            "an empty one": ("import matplotlib.pyplot as plt\nplt.figure();", "<Figure size 640x480 with 0 Axes>\n"),
        }
        for name, (cell, text) in cases.items():
            with self.subTest(name):
                self.setUp()
                if text is None:
                    self.assertTrue(self.session.run(cell).text.startswith(self.saved("figure")))
                    continue
                text = text and text.replace(figure, self.saved("figure"))
                self.assert_shows(text, cell)
                self.assert_shows("", "plt.show()" if "plt" in cell and "capture" not in cell else "None")

    def test_numbers_go_on_and_files_are_not_overwritten(self):
        self.assert_shows(self.saved("figure", 1), PLOT)
        self.assert_shows(self.saved("figure", 3), "open('figure-2.png', 'w').write('mine');", PLOT)
        with open(self.path("figure-2.png")) as file:
            self.assertEqual(file.read(), "mine")

    def test_an_image_that_cannot_be_saved_is_shown(self):
        self.run_cells("import os, resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))")
        outcome = self.run_cells(PLOT)
        self.assertEqual(outcome.text, f"[figure 1 could not be saved to {self.path('figure-1.png')}: File too large]\n")
        self.assertEqual(len(outcome.images), 1)
        self.assertEqual(os.listdir(self.directory.name), [])

    def test_values_that_are_images(self):
        cases = {
            "a value": (PILLOW + "Image.new('RGB', (2, 2))", 1, "png", "image/png"),
            "displayed": ("display(Image.new('RGB', (2, 2)))", 2, "png", "image/png"),
            "JPEG": ("class J:\n    def _repr_jpeg_(self): return b'\\xff\\xd8'\nJ()", 3, "jpg", "image/jpeg"),
            "Base64": ("display({'image/png': 'iVBORw0='}, raw=True)", 4, "png", "image/png"),
            "IPython's": ("from IPython.display import Image as I\nI(open('image-1.png', 'rb').read())", 5, "png",
                          "image/png"),
        }
        for name, (cell, number, extension, mime) in cases.items():
            with self.subTest(name):
                outcome = self.session.run(cell)
                self.assertEqual(outcome.text, self.saved("image", number, extension))
                self.assertEqual([image[0] for image in outcome.images], [mime])

    def test_what_is_not_an_image_is_not_shown_as_one(self):
        self.assert_shows("x\n", "display({'image/png': 5, 'text/plain': 'x'}, raw=True)")

    def test_images_are_bounded(self):
        outcome = self.run_cells(PILLOW + "for i in range(9): display(Image.new('RGB', (2, 2)))")
        self.assertEqual(len(outcome.images), 8)
        self.assertTrue(outcome.text.endswith("image-9.png, not shown: only 8 images are in one cell]\n"))
        outcome = self.run_cells("class L:\n    def _repr_png_(self): return bytes((4 << 20) + 1)\nL()")
        self.assertEqual(outcome.images, [])
        self.assertTrue(outcome.text.endswith("image-10.png, not shown: it has more than 4 MiB]\n"))
        self.assertEqual(os.path.getsize(self.path("image-10.png")), (4 << 20) + 1)
