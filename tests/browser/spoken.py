"""Questions as people ask them, each with the scene that answers: for pictures."""

SIMPSON = """**Simpson's rule** puts a parabola through three points of a function:

$$\\int_a^b f(x)\\,dx \\approx \\frac{b-a}{6}\\left(f(a) + 4f(m) + f(b)\\right)$$

Two things are worth knowing:

- It is *exact* for polynomials up to degree 3.
- Twice as many steps make the error 16 times smaller.

```python
def simpson(f, a, b):
    m = (a + b) / 2
    return (b - a) / 6 * (f(a) + 4 * f(m) + f(b))
```"""

SIMPSON_AR = """**قاعدة سمبسون** تمرّر قطعًا مكافئًا عبر ثلاث نقاط من الدالة:

$$\\int_a^b f(x)\\,dx \\approx \\frac{b-a}{6}\\left(f(a) + 4f(m) + f(b)\\right)$$

- وهي *دقيقة* لكثيرات الحدود حتى الدرجة الثالثة.
- ومضاعفة عدد الخطوات تقلّل الخطأ 16 مرة.

| عدد الخطوات | الخطأ |
|:--|--:|
| 2 | 0.0046 |
| 4 | 0.0003 |"""

QUESTION = "How does Simpson's rule work?"
QUESTION_AR = "كيف تعمل قاعدة سمبسون؟"
WISH = "I would like your newsletter."
LAST_WORDS = "Tell me a long story."

SPOKEN = {
    QUESTION: f"say {SIMPSON}",
    QUESTION_AR: f"say {SIMPSON_AR}",
    WISH: "widget form",
    LAST_WORDS: "error",
}
