/* Who is the customer of a mail that a program wrote: docs/channels/email.md has the rule in words. */
#include "channel/mail_form.h"

#include "channel/channel.h"

#include <ctype.h>
#include <strings.h>

/* Words that such programs have before the "@", and no person has. */
static const char *const ROBOTS[] = {
    "mailer", "form",   "forms",   "webform",      "contactform",   "formmail", "wordpress",  "www",
    "apache", "nobody", "website", "notification", "notifications", "notify",   "automailer", "robot",
};

/* Where everybody may have an address: that of the shop being there says nothing of its neighbours. */
static const char *const FOR_ALL[] = {
    "gmail.com",    "googlemail.com", "outlook.com", "hotmail.com",    "live.com",      "msn.com",        "yahoo.com",
    "icloud.com",   "me.com",         "mac.com",     "aol.com",        "gmx.de",        "gmx.net",        "gmx.com",
    "gmx.at",       "web.de",         "t-online.de", "freenet.de",     "mail.ru",       "yandex.ru",      "yandex.com",
    "qq.com",       "163.com",        "126.com",     "naver.com",      "proton.me",     "protonmail.com", "yahoo.co.jp",
    "docomo.ne.jp", "ezweb.ne.jp",    "au.com",      "softbank.ne.jp", "i.softbank.jp", "orange.fr",      "free.fr",
    "laposte.net",  "libero.it",      "wanadoo.fr",  "hotmail.co.jp",  "outlook.jp",
};

static bool is_one_of(const char *const *words, size_t n, const char *text, size_t len)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(words[i]) == len && strncasecmp(words[i], text, len) == 0)
            return true;
    return false;
}

/* The local part begins with one of the words: "wordpress", "form-submission", "mailer42"; or holds "no-reply" anywhere. */
static bool is_robot(const char *local, size_t n)
{
    static const char BETWEEN[] = "-_.+=";
    char joined[65];
    size_t k = 0;
    for (size_t i = 0; i < n && k + 1 < sizeof(joined); i++)
        if (!strchr(BETWEEN, local[i]))
            joined[k++] = local[i];
    joined[k] = '\0';
    if (strcasestr(joined, "noreply") || strcasestr(joined, "donotreply"))
        return true;
    size_t first = 0;
    while (first < n && isalpha((unsigned char)local[first]))
        first++;
    return is_one_of(ROBOTS, COUNT_OF(ROBOTS), local, first);
}

static const char *domain_of(const char *address)
{
    const char *at = address ? strrchr(address, '@') : NULL;
    return at ? at + 1 : "";
}

bool mail_is_form(const struct mime_mail *mail, const char *own)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *from = identity_normalise(a, IDENTITY_EMAIL, mail->from.address, NULL);
    const char *to = identity_normalise(a, IDENTITY_EMAIL, mail->reply_to.address, NULL);
    const char *ours = identity_normalise(a, IDENTITY_EMAIL, own, NULL);
    if (!from || !to || mail->from_list || strcmp(from, to) == 0 || (ours && strcmp(to, ours) == 0))
        return false;
    const char *from_domain = domain_of(from), *to_domain = domain_of(to), *our_domain = domain_of(ours);
    if (is_robot(from, (size_t)(from_domain - from) - 1))
        return !is_robot(to, (size_t)(to_domain - to) - 1);
    if (ours && strcmp(from, ours) == 0)
        return true;
    return our_domain[0] && strcasecmp(from_domain, our_domain) == 0 && strcasecmp(to_domain, our_domain) != 0 &&
           !is_one_of(FOR_ALL, COUNT_OF(FOR_ALL), our_domain, strlen(our_domain));
}
