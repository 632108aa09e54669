import { BrowserWindow } from "electron";
import { useSearchParams } from "next/navigation";

export function Follow() {
  const params = useSearchParams();
  const next = params.get("next");
  const page = new URLSearchParams(location.search).get("page");
  // ruleid: javascript-address-from-address
  window.location.href = new URLSearchParams(location.search).get("next");
  // ruleid: javascript-address-from-address
  location.assign(location.hash.slice(1));
  // ok: javascript-address-from-address
  window.location.href = "/pages?page=" + page;
  // ok: javascript-address-from-address
  window.location.href = `/pages/${page}`;
  return (
    <div>
      {/* ruleid: javascript-react-link-from-address */}
      <a href={next}>on</a>
      {/* ruleid: javascript-react-link-from-address */}
      <iframe src={next} />
      {/* ok: javascript-react-link-from-address */}
      <a href={`/pages/${page}`}>page</a>
      {/* ok: javascript-react-link-from-address */}
      <a href="/start">start</a>
    </div>
  );
}

// ruleid: javascript-message-from-anyone
window.addEventListener("message", (event) => {
  localStorage.setItem("theme", event.data.theme);
});

// ruleid: javascript-message-from-anyone
window.onmessage = (event) => {
  document.cookie = event.data;
};

// ok: javascript-message-from-anyone
window.addEventListener("message", (event) => {
  if (event.origin !== "https://app.example.org") return;
  localStorage.setItem("theme", event.data.theme);
});

// ok: javascript-message-from-anyone
window.addEventListener("message", (event) => {
  counter += event.data.count;
});

export const open = () =>
  new BrowserWindow({
    width: 800,
    webPreferences: {
      // ruleid: javascript-electron-exposed
      nodeIntegration: true,
      // ruleid: javascript-electron-exposed
      contextIsolation: false,
      // ok: javascript-electron-exposed
      sandbox: true,
      // ok: javascript-electron-exposed
      webSecurity: true,
    },
  });

export function keep(user: User, password: string) {
  // ruleid: javascript-secret-in-browser-storage
  localStorage.setItem("login", password);
  // ruleid: javascript-secret-in-browser-storage
  sessionStorage.setItem("password", user.typed);
  // ok: javascript-secret-in-browser-storage
  localStorage.setItem("theme", user.theme);
  // ok: javascript-secret-in-browser-storage
  sessionStorage.setItem("tab", user.tab);
}
