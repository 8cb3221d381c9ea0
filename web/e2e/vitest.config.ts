import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["e2e/**/*.test.ts"],
    // One browser at a time: the tests measure how the page responds.
    fileParallelism: false,
    testTimeout: 600_000,
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
  },
});
