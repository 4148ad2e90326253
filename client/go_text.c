/* SPDX-License-Identifier: Apache-2.0 */
#include "client/go_text.h"

#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* --- UTF-8 ------------------------------------------------------------------ */

size_t go_rune(const char *s, size_t len, int32_t *rune)
{
	static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char c = (unsigned char)s[0];
	size_t n = c < 0x80 ? 1 : c < 0xc0 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf8 ? 4 : 0;
	int32_t r = n == 1 ? c : c & (0x7f >> n);

	*rune = -1;
	if (n == 0 || n > len)
		return 1;
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 1;
		r = r << 6 | ((unsigned char)s[i] & 0x3f);
	}
	if (r < least[n] || r > 0x10ffff || (r >= 0xd800 && r < 0xe000))
		return 1;
	*rune = r;
	return n;
}

void go_put_rune(struct text *t, int32_t r)
{
	if (r < 0x80) {
		text_putc(t, (char)r);
	} else if (r < 0x800) {
		text_putc(t, (char)(0xc0 | r >> 6));
		text_putc(t, (char)(0x80 | (r & 0x3f)));
	} else if (r < 0x10000) {
		text_putc(t, (char)(0xe0 | r >> 12));
		text_putc(t, (char)(0x80 | (r >> 6 & 0x3f)));
		text_putc(t, (char)(0x80 | (r & 0x3f)));
	} else {
		text_putc(t, (char)(0xf0 | r >> 18));
		text_putc(t, (char)(0x80 | (r >> 12 & 0x3f)));
		text_putc(t, (char)(0x80 | (r >> 6 & 0x3f)));
		text_putc(t, (char)(0x80 | (r & 0x3f)));
	}
}

/* go_locale knows Unicode's characters, whatever the user's locale is. Made at
 * the first call, it lives as long as the program. */
static locale_t go_locale(void)
{
	static locale_t utf8;

	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	return utf8;
}

size_t go_rune_width(int32_t r)
{
	locale_t before;
	int width;

	if (r < 0x80 || !go_locale())
		return 1;
	before = uselocale(go_locale());
	width = wcwidth((wchar_t)r);
	uselocale(before);
	return width < 0 ? 0 : (size_t)width;
}

/* --- quoting ---------------------------------------------------------------- */

/* go_unprintable: libc's idea of printable, less what it counts in and
 * strconv.IsPrint does not: spaces other than ' ', format characters, private
 * use. Sorted pairs: first, last. */
static bool go_unprintable(int32_t r)
{
	static const int32_t ranges[][2] = {
		{0x00a0, 0x00a0},
		{0x00ad, 0x00ad},
		{0x0600, 0x0605},
		{0x061c, 0x061c},
		{0x06dd, 0x06dd},
		{0x070f, 0x070f},
		{0x0890, 0x0891},
		{0x08e2, 0x08e2},
		{0x1680, 0x1680},
		{0x180e, 0x180e},
		{0x2000, 0x200f},
		{0x2028, 0x202f},
		{0x205f, 0x206f},
		{0x3000, 0x3000},
		{0xe000, 0xf8ff},
		{0xfeff, 0xfeff},
		{0xfff9, 0xfffb},
		{0x110bd, 0x110bd},
		{0x110cd, 0x110cd},
		{0x13430, 0x1343f},
		{0x1bca0, 0x1bca3},
		{0x1d173, 0x1d17a},
		{0xe0001, 0xe007f},
		{0xf0000, 0x10ffff},
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (r >= ranges[i][0] && r <= ranges[i][1])
			return true;
	return false;
}

static bool go_printable(int32_t r)
{
	if (r < 0x80)
		return r >= 0x20 && r < 0x7f;
	return go_locale() && !go_unprintable(r) && iswprint_l((wint_t)r, go_locale());
}

static void go_quote_rune(struct text *t, int32_t r)
{
	static const char letters[] = "\aa\bb\ff\nn\rr\tt\vv\"\"\\\\";
	const char *l;

	for (l = letters; *l && r != (unsigned char)*l; l += 2)
		;
	if (r && *l)
		text_printf(t, "\\%c", l[1]);
	else if (go_printable(r))
		go_put_rune(t, r);
	else if (r < 0x80)
		text_printf(t, "\\x%02x", (unsigned)r);
	else if (r < 0x10000)
		text_printf(t, "\\u%04x", (unsigned)r);
	else
		text_printf(t, "\\U%08x", (unsigned)r);
}

void go_quote(struct text *t, const void *data, size_t len)
{
	const char *s = data;
	int32_t r;

	text_putc(t, '"');
	for (size_t i = 0, n; i < len; i += n) {
		n = go_rune(s + i, len - i, &r);
		if (r < 0)
			text_printf(t, "\\x%02x", (unsigned char)s[i]);
		else
			go_quote_rune(t, r);
	}
	text_putc(t, '"');
}

const char *go_quoted(struct pool *p, const char *s)
{
	struct text t;

	text_init(&t, p);
	go_quote(&t, s, strlen(s));
	return t.data;
}

/* --- reading quoted strings -------------------------------------------------- */

/* go_digits reads exactly n digits of the given base; -1 if they are not there. */
static int64_t go_digits(const char **s, int n, int base)
{
	int64_t v = 0;

	for (int i = 0; i < n; i++, (*s)++) {
		int c = **s;
		int d = c >= '0' && c <= '9'   ? c - '0'
			: c >= 'a' && c <= 'f' ? c - 'a' + 10
			: c >= 'A' && c <= 'F' ? c - 'A' + 10
					       : 99;

		if (d >= base)
			return -1;
		v = v * base + d;
	}
	return v;
}

/* go_unescape reads what follows a backslash inside "...". */
static bool go_unescape(struct text *t, const char **s)
{
	static const char letters[] = "a\ab\bf\fn\nr\rt\tv\v\"\"\\\\";
	char c = *(*s)++;
	int64_t v;

	for (const char *l = letters; *l; l += 2) {
		if (c == l[0]) {
			text_putc(t, l[1]);
			return true;
		}
	}
	if (c == 'x' || (c >= '0' && c <= '7')) { /* a byte */
		*s -= c != 'x';
		v = c == 'x' ? go_digits(s, 2, 16) : go_digits(s, 3, 8);
		if (v < 0 || v > 255)
			return false;
		text_putc(t, (char)v);
		return true;
	}
	v = c == 'u' ? go_digits(s, 4, 16) : c == 'U' ? go_digits(s, 8, 16) : -1;
	if (v < 0 || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return false;
	go_put_rune(t, (int32_t)v);
	return true;
}

/* go_plain copies one character, mending what is not UTF-8. */
static void go_plain(struct text *t, const char **s)
{
	int32_t r;

	*s += go_rune(*s, strlen(*s), &r);
	go_put_rune(t, r < 0 ? 0xfffd : r);
}

const char *go_scan_quoted(struct pool *p, const char **start, ProtobufCBinaryData *out)
{
	const char *s = *start;
	struct text t;
	char quote;

	*out = (ProtobufCBinaryData){0};
	text_init(&t, p);
	s += strspn(s, " \t\r");
	quote = *s++;
	if (quote != '"' && quote != '`')
		return quote ? "expected quoted string" : "unexpected EOF";
	while (*s != quote) {
		if (*s == '\0')
			return "unexpected EOF";
		if (*s != '\\' || quote == '`') {
			go_plain(&t, &s);
			continue;
		}
		s++;
		if (!go_unescape(&t, &s))
			return "invalid syntax";
	}
	*start = s + 1;
	*out = (ProtobufCBinaryData){t.len, (uint8_t *)t.data};
	return NULL;
}

/* --- numbers ----------------------------------------------------------------- */

/* go_underscores tells whether every '_' stands between two digits, or between
 * the prefix that names the base and a digit. */
static bool go_underscores(const char *s, bool prefixed)
{
	char last = prefixed ? '0' : '^';

	for (; *s; last = *s++) {
		if (*s == '_' && (last == '_' || last == '^'))
			return false;
	}
	return last != '_';
}

/* go_base reads the prefix of a number whose base is 0. */
static int go_base(const char **s)
{
	if ((*s)[0] != '0' || (*s)[1] == '\0')
		return 10;
	switch ((*s)[1] | 0x20) {
	case 'b':
		*s += 2;
		return 2;
	case 'o':
		*s += 2;
		return 8;
	case 'x':
		*s += 2;
		return 16;
	}
	*s += 1;
	return 8;
}

const char *go_parse_int(const char *s, int base, int64_t *out)
{
	bool negative = *s == '-', any = base == 0, overflow = false;
	uint64_t v = 0, max = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
	const char *digits;

	s += *s == '-' || *s == '+';
	digits = s;
	if (any)
		base = go_base(&s);
	if (*s == '\0' || (any && !go_underscores(s, s != digits)))
		return "invalid syntax";
	for (int64_t d; *s;) {
		if (any && *s == '_') {
			s++;
			continue;
		}
		d = go_digits(&s, 1, base);
		if (d < 0)
			return "invalid syntax";
		overflow |= v > (max - (uint64_t)d) / (uint64_t)base;
		v = v * (uint64_t)base + (uint64_t)d;
	}
	if (overflow)
		return "value out of range";
	*out = negative ? (int64_t)-v : (int64_t)v;
	return NULL;
}

const char *go_parse_bool(const char *s, bool *out)
{
	static const char *const words[] = {
		"1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(s, words[i]) == 0) {
			*out = i < ARRAY_SIZE(words) / 2;
			return NULL;
		}
	}
	return "invalid syntax";
}

/* --- durations ----------------------------------------------------------------- */

static const struct go_unit {
	const char *name;
	uint64_t ns;
} go_units[] = {
	{"ns", 1},
	{"us", 1000},
	{"\xc2\xb5s", 1000}, /* micro sign */
	{"\xce\xbcs", 1000}, /* Greek mu */
	{"ms", 1000000},
	{"s", 1000000000},
	{"m", 60000000000},
	{"h", 3600000000000},
};

/* go_duration_part reads one number with its unit and adds it to *sum.
 * Returns: NULL; "" for a malformed number; else the complaint. */
static const char *go_duration_part(struct pool *p, const char **s, uint64_t *sum)
{
	const char *unit;
	uint64_t v = 0, max = (uint64_t)INT64_MAX + 1;
	double fraction = 0, scale = 1;
	bool digits = false;

	for (; **s >= '0' && **s <= '9'; (*s)++, digits = true) {
		if (v > max / 10)
			return "";
		v = v * 10 + (uint64_t)(**s - '0');
	}
	if (**s == '.') {
		for ((*s)++; **s >= '0' && **s <= '9'; (*s)++, digits = true)
			fraction += (**s - '0') * (scale /= 10);
	}
	if (!digits || v > max)
		return "";
	unit = *s;
	*s += strcspn(*s, ".0123456789");
	if (*s == unit)
		return pool_printf(p, "missing unit in duration");
	for (size_t i = 0; i < ARRAY_SIZE(go_units); i++) {
		const struct go_unit *u = &go_units[i];

		if (strlen(u->name) != (size_t)(*s - unit) ||
			memcmp(u->name, unit, strlen(u->name)) != 0)
			continue;
		if (v > max / u->ns)
			return "";
		v = v * u->ns + (uint64_t)(fraction * (double)u->ns + 1e-6);
		*sum += v;
		return v > max || *sum > max ? "" : NULL;
	}
	return pool_printf(p, "unknown unit %s in duration",
		go_quoted(p, pool_strndup(p, unit, (size_t)(*s - unit))));
}

const char *go_parse_duration(struct pool *p, const char *text, int64_t *out)
{
	const char *s = text, *bad;
	bool negative = *s == '-';
	uint64_t sum = 0;

	s += *s == '-' || *s == '+';
	if (strcmp(s, "0") == 0) {
		*out = 0;
		return NULL;
	}
	bad = *s ? NULL : "";
	while (*s && !bad)
		bad = go_duration_part(p, &s, &sum);
	if (!bad && !negative && sum > INT64_MAX)
		bad = "";
	if (bad)
		return pool_printf(
			p, "time: %s %s", *bad ? bad : "invalid duration", go_quoted(p, text));
	*out = negative ? (int64_t)-sum : (int64_t)sum;
	return NULL;
}

/* go_fraction prints v / scale without trailing zeros. */
static const char *go_fraction(struct pool *p, uint64_t v, uint64_t scale, const char *unit)
{
	char digits[24];
	int width = 0;
	size_t len;

	for (uint64_t s = scale; s > 1; s /= 10)
		width++;
	len = (size_t)snprintf(
		digits, sizeof(digits), "%0*llu", width, (unsigned long long)(v % scale));
	while (len && digits[len - 1] == '0')
		digits[--len] = '\0';
	if (scale == 1 || len == 0)
		return pool_printf(p, "%llu%s", (unsigned long long)(v / scale), unit);
	return pool_printf(p, "%llu.%s%s", (unsigned long long)(v / scale), digits, unit);
}

const char *go_duration(struct pool *p, int64_t ns)
{
	uint64_t u = ns < 0 ? -(uint64_t)ns : (uint64_t)ns, second = 1000000000;
	const char *sign = ns < 0 ? "-" : "", *rest;
	uint64_t minutes = u / second / 60, hours = minutes / 60;

	if (u == 0)
		return "0s";
	if (u < 1000)
		return pool_printf(p, "%s%lluns", sign, (unsigned long long)u);
	if (u < 1000000)
		return pool_printf(p, "%s%s", sign, go_fraction(p, u, 1000, "\xc2\xb5s"));
	if (u < second)
		return pool_printf(p, "%s%s", sign, go_fraction(p, u, 1000000, "ms"));
	rest = go_fraction(p, u - minutes * 60 * second, second, "s");
	if (hours)
		return pool_printf(p, "%s%lluh%llum%s", sign, (unsigned long long)hours,
			(unsigned long long)(minutes % 60), rest);
	if (minutes)
		return pool_printf(p, "%s%llum%s", sign, (unsigned long long)minutes, rest);
	return pool_printf(p, "%s%s", sign, rest);
}
