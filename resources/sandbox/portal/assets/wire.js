// How the pages talk to the portal: JSON, the CSRF token in a header, a dead session leads away.
const token = () => document.querySelector('meta[name="csrf-token"]').content;

export class Refused extends Error {
  constructor(status, body) {
    super(body.message || "処理できませんでした。");
    this.status = status;
    this.body = body;
  }
}

async function answer(response) {
  let body = {};
  try {
    body = await response.json();
  } catch {
    throw new Refused(response.status, { message: "混み合っています。時間をおいて、もう一度お試しください。" });
  }
  if (response.status === 401 && body.expired) {
    location.assign("/expired");
    return new Promise(() => {});
  }
  if (!response.ok) throw new Refused(response.status, body);
  return body;
}

async function send(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new Refused(0, { message: "通信できませんでした。時間をおいて、もう一度お試しください。" });
  }
  return answer(response);
}

export const get = (path) => send(path, {});

export const post = (path, body) =>
  send(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token() },
    body: JSON.stringify(body),
  });

export const upload = (path, file) =>
  send(`${path}?filename=${encodeURIComponent(file.name)}`, {
    method: "POST",
    headers: { "Content-Type": file.type || "application/octet-stream", "X-CSRF-Token": token() },
    body: file,
  });
