/* Files by HTTP: what agents and visitors attach, and what they read of it. On the loop. */
#pragma once

struct http;

void file_upload(struct http *h);           /* POST /api/v1/attachments */
void file_download(struct http *h);         /* GET /attachments/<sha256> */
void file_by_link_download(struct http *h); /* GET /files/<link>, of whoever has it */
void file_chat_upload(struct http *h);      /* POST /chat/attachments, of a visitor */
void file_chat_download(struct http *h);    /* GET /chat/attachments/<sha256> */
