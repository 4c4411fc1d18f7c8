// Opens our own links inside the session instead of loading the application anew: the
// address changes and Streamlit is told as if the reader had used the browser's buttons.
// Without this script they are still links; with a modifier key they stay links.
export default function () {
  const open = (event) => {
    const link = event.target.closest?.(".stHtml a[href]");
    const isPlain = event.button === 0 &&
      !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || link.origin !== window.location.origin) return;
    event.preventDefault();
    if (link.hash && link.href.split("#")[0] === window.location.href.split("#")[0]) {
      document.querySelector(link.hash)?.scrollIntoView({ block: "start" });
      return;
    }
    window.history.pushState({}, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
  };
  document.addEventListener("click", open);
  return () => document.removeEventListener("click", open);
}
