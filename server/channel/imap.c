/* E-mail that we fetch from a mailbox by IMAP. docs/channels/imap.md has it for people. */
#include "channel/imap.h"

#include "base/clock.h"
#include "base/net.h"
#include "channel/fetched.h"
#include "channel/oauth.h"
#include "channel/types.h"

#include <strings.h>

static const char *const AFTER_NAMES[] = {"nothing", "flag", "move", "delete", NULL};

static const char *const SENT_COPY_NAMES[] = {"auto", "off", NULL};

static const struct setting SETTINGS[] = {
    MAIL_SETTINGS{"imap_url", SETTING_URL, SETTING_REQUIRED, NULL, "Mailbox server",
                  "imaps://host:993, or imap://host:143, which is encrypted by STARTTLS."},
    {"imap_user", SETTING_TEXT, SETTING_REQUIRED, NULL, "Signs in as", "Often the address itself."},
    {"imap_password", SETTING_SECRET, 0, NULL, "Password of the mailbox",
     "Where a second factor is asked for: an app password that the provider makes for this program."},
    {"sign_in", SETTING_CHOICE, 0, "password", "Sign-in",
     "With a password, or with tokens of the provider (OAuth 2.0)."},
    OAUTH_SETTINGS{"mailbox", SETTING_TEXT, 0, NULL, "Shared mailbox",
                   "Whose mail is fetched, when that is another than who signs in. Empty: the same."},
    {"folder", SETTING_TEXT, 0, "INBOX", "Folder", "As the mail program shows it, with all levels: Support/Shop."},
    {"after", SETTING_CHOICE, 0, "nothing", "After fetching", "What is done in the mailbox with a mail that is here."},
    {"after_flag", SETTING_TEXT, 0, "\\Flagged", "Mark",
     "With \"flag\": \\Flagged is the star; or a word of your own."},
    {"sent_copy", SETTING_CHOICE, 0, "auto", "Copies of answers",
     "Whether answers are filed in the mailbox's folder of what was sent. Google and Microsoft do that by themselves."},
    {"after_folder", SETTING_TEXT, 0, NULL, "Target folder", "With \"move\": it must be there already."},
    {0},
};

static const char *const SIGN_INS[] = {"password", "google", "microsoft", "microsoft_app", "oauth", NULL};

static const struct setting_choice CHOICES[] = {
    MAIL_TOKEN_CHOICE, {"after", AFTER_NAMES}, {"sent_copy", SENT_COPY_NAMES}, {"sign_in", SIGN_INS}, {0}};

/* developers.google.com/gmail/imap/xoauth2-protocol,
 * learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth */
static const struct oauth_way WAYS[] = {
    {.word = "password"},
    {"google", OAUTH_BY_PERSON, GOOGLE_AUTHORIZE_URL, GOOGLE_TOKEN_URL, "https://mail.google.com/", "openid email",
     "access_type=offline&prompt=consent", 7 * DAY_MS},
    {"microsoft", OAUTH_BY_PERSON, MICROSOFT_AUTHORIZE_URL, MICROSOFT_TOKEN_URL,
     "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
     "openid profile email", "prompt=select_account", 0},
    {"microsoft_app", OAUTH_BY_APP, "", MICROSOFT_TOKEN_URL, "https://outlook.office365.com/.default", "", "", 0},
    {"oauth", OAUTH_BY_PERSON, "", "", "", "", "", 0},
    {0},
};
_Static_assert(COUNT_OF(SIGN_INS) == COUNT_OF(WAYS), "a row for each");

/* What goes out by these is filed there. */
static const char *const FILING_HOSTS[] = {"smtp.gmail.com", "smtp.googlemail.com", "smtp.office365.com",
                                           "smtp-mail.outlook.com", "outlook.office365.com"};

enum imap_after imap_after_of(const struct channel_account *account)
{
    int after = names_find(AFTER_NAMES, channel_setting(account, "after"));
    return after < 0 ? IMAP_AFTER_NOTHING : (enum imap_after)after;
}

/* By the same tokens as it fetches, where it signs in with them. */
static bool imap_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                       struct send_request *ret, struct error *err)
{
    struct oauth_client client;
    if (!mail_send_build(account, out, a, ret, err))
        return false;
    ret->by_token = oauth_client_of(account, a, &client);
    if (ret->by_token && !ret->user)
        ret->user = channel_setting(account, "imap_user");
    return true;
}

static bool imap_files_sent(const struct channel_account *account)
{
    const char *host = "";
    size_t n = 0;
    if (strcmp(channel_setting(account, "sent_copy"), "off") == 0)
        return false;
    net_url_host(channel_setting(account, "smtp_url"), &host, &n);
    for (size_t i = 0; i < COUNT_OF(FILING_HOSTS); i++)
        if (strlen(FILING_HOSTS[i]) == n && strncasecmp(FILING_HOSTS[i], host, n) == 0)
            return false;
    return true;
}

const struct channel_type CHANNEL_IMAP = {
    .name = "imap",
    .label = "Email mailbox",
    .help = "Mail is fetched from a mailbox at your provider, and answers go out by its mail server.",
    MAIL_TRAITS,
    .settings = SETTINGS,
    .choices = CHOICES,
    .oauth = WAYS,
    .oauth_user = "imap_user",
    .headers = FETCHED_HEADERS,
    .body_max = MAIL_BODY_MAX,
    .collects = COLLECTS_BY_IMAP,
    .parse = fetched_parse,
    .build = imap_build,
    .read_reply = mail_read_reply,
    .files_sent = imap_files_sent,
};
