// Before anything is drawn: the theme that was chosen, so that no other one flashes by.
{
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}
