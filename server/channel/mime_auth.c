/* Authentication-Results, RFC 8601. The header is text that a stranger may have written, up to the place where our own
 * mail server put its own above it: so quoted strings and comments are skipped as the grammar says, never searched. */
#include "channel/mime.h"

#include "base/text.h"

#include <ctype.h>
#include <strings.h>

#define TOKENS_MAX 24

/* Blanks out comments, which nest, and the contents of quoted strings. */
static char *without_comments(struct arena *a, const char *value)
{
    char *copy = arena_strdup(a, value);
    int depth = 0;
    bool quoted = false;
    for (char *p = copy; *p; p++) {
        bool escaped = *p == '\\' && p[1];
        char c = *p;
        if (depth || quoted)
            *p = quoted ? '_' : ' ';
        if (escaped && (depth || quoted)) {
            *++p = '_';
            continue;
        }
        if (!depth && c == '"') {
            quoted = !quoted;
            *p = '_';
        } else if (!quoted && c == '(') {
            depth++;
            *p = ' ';
        } else if (!quoted && c == ')' && depth) {
            depth--;
        }
    }
    return copy;
}

static bool is_or_is_under(const char *domain, const char *parent)
{
    size_t n = strlen(domain), m = strlen(parent);
    if (m == 0 || n < m || strcasecmp(domain + n - m, parent) != 0)
        return false;
    return n == m || (domain[n - m - 1] == '.' && strchr(parent, '.'));
}

static const char *auth_value(char *const *tokens, size_t n, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < n; i++)
        if (strncasecmp(tokens[i], name, len) == 0 && tokens[i][len] == '=')
            return tokens[i] + len + 1;
    return NULL;
}

/* One result: "dkim=pass header.d=example.com". */
static enum mime_auth read_result(struct arena *a, char *result, const char *from_domain)
{
    char *tokens[TOKENS_MAX], *save = NULL;
    size_t n = 0;
    for (char *t = strtok_r(result, " \t", &save); t && n < TOKENS_MAX; t = strtok_r(NULL, " \t", &save))
        tokens[n++] = t;
    if (n == 0)
        return MIME_AUTH_NONE;
    const char *dmarc = auth_value(tokens, 1, "dmarc"), *dkim = auth_value(tokens, 1, "dkim");
    const char *header_from = auth_value(tokens, n, "header.from");
    if (dmarc && header_from && strcasecmp(header_from, from_domain) != 0)
        return MIME_AUTH_NONE;
    if (dmarc && strcasecmp(dmarc, "pass") == 0)
        return MIME_AUTH_PASS;
    if (dmarc && strcasecmp(dmarc, "fail") == 0)
        return MIME_AUTH_FAIL;
    const char *domain = auth_value(tokens, n, "header.d"), *agent = auth_value(tokens, n, "header.i");
    if (!domain && agent && strchr(agent, '@'))
        domain = strrchr(agent, '@') + 1;
    if (dkim && strcasecmp(dkim, "pass") == 0 && domain && is_or_is_under(from_domain, text_lower_ascii(a, domain)))
        return MIME_AUTH_PASS;
    return MIME_AUTH_NONE;
}

/* A failed DMARC test outweighs a passed DKIM signature of the same header. */
static enum mime_auth read_results(struct arena *a, char *results, const char *from_domain)
{
    enum mime_auth auth = MIME_AUTH_NONE;
    char *save = NULL;
    for (char *r = strtok_r(results, ";", &save); r; r = strtok_r(NULL, ";", &save)) {
        enum mime_auth one = read_result(a, r, from_domain);
        if (one > auth)
            auth = one;
    }
    return auth;
}

enum mime_auth mime_auth_of(const struct mime_mail *mail, const char *authserv_id)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *at = mail->from.address ? strrchr(mail->from.address, '@') : NULL;
    if (!authserv_id[0] || !at || !at[1])
        return MIME_AUTH_NONE;
    for (size_t i = 0; i < mail->auth_results.n; i++) {
        char *value = without_comments(a, ((const char **)mail->auth_results.items)[i]);
        char *semicolon = strchr(value, ';');
        if (!semicolon)
            continue;
        *semicolon = '\0';
        char *id = text_trim(a, value);
        id[strcspn(id, " \t")] = '\0'; /* a version may follow */
        if (strcasecmp(id, authserv_id) == 0)
            return read_results(a, semicolon + 1, text_lower_ascii(a, at + 1));
    }
    return MIME_AUTH_NONE;
}
