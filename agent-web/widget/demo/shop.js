// What the shop's own script does with the chat: puts the tag on the page, opens it for a question, and says who is
// logged in. A real shop writes the tag into its pages and makes the signature on its server; here both come from
// channel.json, which ./dev run leaves beside this file.
const LOGGED_IN = 'aoyama-finch:logged-in';

// Calls before the widget has loaded wait in a list.
window.throughline = { q: [] };
for (const name of ['open', 'close', 'identify', 'forget', 'on'])
  window.throughline[name] = (...args) => window.throughline.q.push([name, ...args]);

function loadWidget(channel) {
  const tag = document.createElement('script');
  tag.src = '/widget.js';
  tag.async = true;
  tag.dataset.channel = channel;
  Object.assign(tag.dataset, document.body.dataset); // what the chat says in the page's language
  document.head.append(tag);
}

function drawAccount(customer) {
  const button = document.querySelector('.account');
  if (!button || !customer) return;
  const draw = () => {
    const inside = localStorage.getItem(LOGGED_IN) === 'yes';
    const { in: logIn, out: logOut } = button.dataset;
    button.textContent = inside ? `${customer.name} · ${logOut}` : `${logIn} ${customer.name}`;
    if (inside) window.throughline.identify(customer);
  };
  button.hidden = false;
  button.addEventListener('click', () => {
    const inside = localStorage.getItem(LOGGED_IN) === 'yes';
    localStorage.setItem(LOGGED_IN, inside ? 'no' : 'yes');
    if (inside) window.throughline.forget();
    draw();
  });
  draw();
}

async function start() {
  for (const button of document.querySelectorAll('[data-ask]'))
    button.addEventListener('click', () => window.throughline.open(button.dataset.ask));
  const response = await fetch('channel.json');
  if (!response.ok) throw new Error('no channel.json');
  const { channel, customer } = await response.json();
  loadWidget(channel);
  drawAccount(customer);
}

start().catch(() => {
  const note = document.createElement('p');
  note.className = 'missing';
  note.textContent = 'The chat is not connected yet: ./dev run loads the demo shop and leaves channel.json here.';
  document.body.prepend(note);
});
