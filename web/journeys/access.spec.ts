import AxeBuilder from "@axe-core/playwright";
import { address, example, expect, send, test } from "./marketer";

const THEMES = ["light", "dark"] as const;
const LANGUAGES = ["ko", "en"] as const;
const RULE = { version: 1, root: { type: "condition", id: "age", filter: "age", operator: ">=", value: 30 } };

for (const theme of THEMES) {
  for (const language of LANGUAGES) {
    test(`every page can be used by everybody: ${theme}, ${language}`, async ({ page, request }) => {
      test.slow();
      const name = `axe ${theme} ${language} ${Date.now()}`;
      const saved = await send(request, "POST", "/audiences", { name, rule: RULE });
      const other = await send(request, "POST", "/audiences", { name: `${name} 2`, rule: RULE });
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.addInitScript((chosen) => localStorage.setItem("language", chosen), language);
      await example(page, /제주|Jeju/);
      await expect(page.getByText(language === "ko" ? "채널별 도달" : "Reach by channel")).toBeVisible();
      const check = async (where: string) => {
        // What is asked anew fades meanwhile.
        await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
        const found = await new AxeBuilder({ page })
          .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
          .analyze();
        const said = found.violations.map(
          ({ id, nodes }) => `${where}: ${id} ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`,
        );
        expect(said).toEqual([]);
      };
      await check("builder");
      await page.goto(`${address()}/?new=true`);
      await expect(page.getByRole("treegrid")).toBeVisible();
      await check("new builder");
      const pages = [`/audiences?q=axe`, `/audiences/${saved.id}`, "/exports", "/data", "/glossary"];
      const ids = encodeURIComponent(JSON.stringify([saved.id, other.id]));
      for (const path of [...pages, `/compare?ids=${ids}`]) {
        await page.goto(address() + path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await check(path);
      }
    });
  }
}

for (const width of [320, 768, 1280, 1920]) {
  test(`nothing is cut off at ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${address()}/?new=true`);
    await page.getByRole("button", { name: /최근 7일 장바구니/ }).click();
    await expect(page.getByRole("treegrid")).toBeVisible();
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wider).toBeLessThanOrEqual(0);
  });
}
