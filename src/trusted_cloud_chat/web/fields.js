// Adds the browser's date picker to each date field, which can still be typed into.
(() => {
  const words = () => JSON.parse(document.querySelector("#tcc-said")?.dataset.said ?? "{}");
  function pickers() {
    for (const block of document.querySelectorAll(".tcc-date")) {
      const text = block.querySelector("input:not([type=date])");
      const label = block.querySelector("[data-testid='block-info']")?.textContent.trim();
      if (!text || !label) continue;
      let picker = block.querySelector("input[type=date]");
      if (!picker) {
        picker = Object.assign(document.createElement("input"), { type: "date", className: "tcc-picker" });
        picker.addEventListener("change", () => {
          // Gradio may have replaced the field.
          const field = block.querySelector("input:not([type=date])");
          field.value = picker.value;
          field.dispatchEvent(new Event("input", { bubbles: true }));
          // Simulates that the focus leaves the field, without moving it. Gradio takes more than 50 ms to read the value on a busy machine.
          setTimeout(() => field.dispatchEvent(new FocusEvent("blur")), 300);
        });
        text.after(picker);
      }
      // The picker is inside the field's label, and its value would become part of the field's name.
      if (text.ariaLabel !== label) text.ariaLabel = label;
      const name = (words().pick_day ?? "{label}").replace("{label}", label);
      if (picker.ariaLabel !== name) picker.ariaLabel = name;
    }
  }
  (window.tccMend ??= []).push(pickers);
})();
