#include "collect/log_in.h"

#include "deliver/token.h"

static struct imap_login login_of(const struct channel_account *account)
{
    const char *mailbox = channel_setting(account, "mailbox");
    return (struct imap_login){.url = channel_setting(account, "imap_url"),
                               .user = channel_setting(account, "imap_user"),
                               .mailbox = mailbox[0] ? mailbox : NULL,
                               .password = channel_setting(account, "imap_password")};
}

static enum look_end token_end_of(struct hand *h, enum token_end end, const char *said)
{
    if (end == TOKEN_GOOD)
        return LOOK_DONE;
    h->fault = end == TOKEN_REFUSED ? IMAP_NO_TOKEN : IMAP_UNREACHABLE;
    h->fault_said = said;
    return LOOK_FAULT;
}

/* One that the server does not take may have been revoked before its time: then another one is asked for, once. */
static enum look_end log_in_by_token(struct hand *h, const struct oauth_client *client)
{
    struct imap_login login = login_of(h->account);
    struct token_ask ask = {h->desk, h->db, h->transfer, h->account, client};
    enum imap_fault fault = IMAP_NO_ENTRY;
    for (int tries = 0; tries < 2 && fault == IMAP_NO_ENTRY; tries++) {
        const char *said = NULL;
        if (tries)
            token_drop(&ask);
        enum token_end got = token_get(&ask, h->a, &login.token, &said);
        enum look_end end = token_end_of(h, got, said);
        if (end != LOOK_DONE)
            return end;
        fault = imap_open(h->imap, h->a, &login);
    }
    if (fault == IMAP_NO_ENTRY) {
        h->fault = fault;
        h->fault_said = said(h->a, mailbox_token, imap_words(h->imap, h->a));
        return LOOK_FAULT;
    }
    return hand_end(h, fault, NULL);
}

enum look_end log_in(struct hand *h)
{
    struct oauth_client client;
    struct imap_login login = login_of(h->account);
    if (oauth_client_of(h->account, h->a, &client))
        return log_in_by_token(h, &client);
    return hand_end(h, imap_open(h->imap, h->a, &login), NULL);
}
