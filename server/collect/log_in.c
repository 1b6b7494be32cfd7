#include "collect/log_in.h"

static struct imap_login login_of(const struct channel_account *account)
{
    const char *mailbox = channel_setting(account, "mailbox");
    return (struct imap_login){.url = channel_setting(account, "imap_url"),
                               .user = channel_setting(account, "imap_user"),
                               .mailbox = mailbox[0] ? mailbox : NULL,
                               .password = channel_setting(account, "imap_password")};
}

enum look_end get_token(struct hand *h, const struct token_ask *ask, const char **ret)
{
    enum token_end end = token_get(ask, h->a, ret, &h->fault_said);
    if (end == TOKEN_GOOD)
        return LOOK_DONE;
    h->fault = end == TOKEN_REFUSED ? BOX_NO_TOKEN : BOX_UNREACHABLE;
    return LOOK_FAULT;
}

/* One that the server does not take may have been revoked before its time: then another one is asked for, once. */
static enum look_end log_in_by_token(struct hand *h, const struct oauth_client *client)
{
    struct imap_login login = login_of(h->account);
    struct token_ask ask = {h->desk, h->db, h->transfer, h->account, client};
    enum box_fault fault = BOX_NO_ENTRY;
    for (int tries = 0; tries < 2 && fault == BOX_NO_ENTRY; tries++) {
        if (tries)
            token_drop(&ask);
        enum look_end end = get_token(h, &ask, &login.token);
        if (end != LOOK_DONE)
            return end;
        fault = imap_open(h->imap, h->a, &login);
    }
    if (fault == BOX_NO_ENTRY) {
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
