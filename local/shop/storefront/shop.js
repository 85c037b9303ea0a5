// Shows the visitor the link they shared last.
document.addEventListener("sharetrail:share", ({ detail }) => {
  const field = document.querySelector("[data-short-url]");
  field.dataset.shortUrl = detail.short_url;
  field.textContent = detail.short_url;
  field.parentElement.hidden = false;
});
