#include "web/http/path.h"

#include "base/text.h"

#include <string.h>

static bool has_dot_segment(const char *path)
{
    for (const char *at = path; at; at = strchr(at, '/')) {
        at += *at == '/';
        size_t n = strcspn(at, "/");
        if ((n == 1 && at[0] == '.') || (n == 2 && at[0] == '.' && at[1] == '.'))
            return true;
    }
    return false;
}

bool path_decode(struct span s, char *out)
{
    char *p = out;
    for (size_t i = 0; i < s.n; i++) {
        int c = (unsigned char)s.at[i];
        if (c == '%') {
            int high = i + 2 < s.n ? hex_digit(s.at[i + 1]) : -1, low = high < 0 ? -1 : hex_digit(s.at[i + 2]);
            if (low < 0)
                return false;
            c = high * 16 + low;
            i += 2;
        }
        if (c < 0x20 || c == 0x7f)
            return false;
        *p++ = (char)c;
    }
    *p = '\0';
    return !has_dot_segment(out);
}
