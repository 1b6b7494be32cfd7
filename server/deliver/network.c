#include "deliver/network.h"

#include "base/net.h"

#include <netdb.h>

static bool may_reach(const struct network *n, const struct sockaddr *address)
{
    enum net_place place = net_place(address);
    if (place == NET_PUBLIC || (place == NET_LOOPBACK && n->mail))
        return true;
    return place != NET_FORBIDDEN && net_list_has(n->rules->networks, address);
}

/* libcurl asks for a socket once it knows the address: of each connection, by each name. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct network *n = arg;
    (void)purpose;
    if (may_reach(n, &a->addr))
        return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
    if (getnameinfo(&a->addr, a->addrlen, n->refused, sizeof(n->refused), NULL, 0, NI_NUMERICHOST) != 0)
        snprintf(n->refused, sizeof(n->refused), "?");
    return CURL_SOCKET_BAD;
}

void network_set(CURL *c, struct network *n)
{
    n->refused[0] = '\0';
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, n);
    if (n->rules->ca_file[0])
        curl_easy_setopt(c, CURLOPT_CAINFO, n->rules->ca_file);
}

bool network_is_here(const char *url)
{
    const char *host = "";
    size_t n = 0;
    return net_url_host(url, &host, &n) && net_is_loopback_host(host, n);
}

void network_set_starttls(CURL *c, const char *url, bool must)
{
    bool here = network_is_here(url);
    curl_easy_setopt(c, CURLOPT_USE_SSL, must ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_TRY);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, here ? 0L : 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, here ? 0L : 2L);
}

const char *network_said(const struct network *n, struct arena *a, CURLcode code)
{
    if (code != CURLE_OK && n->refused[0])
        return said(a, network_closed, n->refused);
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return said(a, certificate_unknown);
    return code == CURLE_USE_SSL_FAILED ? said(a, no_encryption) : NULL;
}
