/** What the page is about, in plain words, and what it does not prove. */

import { Argument } from "./argument";

const FORMULA =
  "loss = p times the mean loss on retained images, minus (1 − p) times the mean loss on forgotten images with " +
  "smoothed labels";

function Formula() {
  return (
    <>
      <p>
        <span class="wide-formula" tabIndex={0} role="group" aria-label="The formula">
          <math display="block" aria-label={FORMULA}>
            <mi>L</mi>
            <mo>=</mo>
            <mi>p</mi>
            <mo>·</mo>
            <munder>
              <mi>mean</mi>
              <mi>retained</mi>
            </munder>
            <mi>ℓ</mi>
            <mo>−</mo>
            <mo stretchy={false}>(</mo>
            <mn>1</mn>
            <mo>−</mo>
            <mi>p</mi>
            <mo stretchy={false}>)</mo>
            <mo>·</mo>
            <munder>
              <mi>mean</mi>
              <mi>forgotten</mi>
            </munder>
            <msub>
              <mi>ℓ</mi>
              <mi>α</mi>
            </msub>
          </math>
        </span>
      </p>
      <p>
        ℓ is the loss: how wrong the network is. ℓ with α is the loss against the smoothed label, which gives (1 − α) to
        the true class and shares α equally among all classes. The network goes down the first part, so that it keeps
        its skill, and up the second, so that it forgets. A rate α below zero keeps the push strong on images that it
        knows by heart, where a plain ascent would stall.
      </p>
    </>
  );
}

export function AboutSection() {
  return (
    <section class="panel about" data-testid="about" aria-labelledby="about-title">
      <h2 id="about-title">What it takes to forget</h2>
      <Argument />
      <details>
        <summary>The formula, and the paper</summary>
        <Formula />
        <p>
          Label smoothing usually takes a little from the true class and shares it among all classes. Here the rate may
          be negative. If you leave it to the method, it counts how many retained images look like a forgotten one, and
          pushes harder where there are many.
        </p>
        <p>
          Zonglin Di, Zhaowei Zhu, Jinghan Jia, Jiancheng Liu, Zafar Takhirov, Bo Jiang, Yuanshun Yao, Sijia Liu, Yang
          Liu:{" "}
          <a href="https://arxiv.org/abs/2406.07698">
            <cite>Label Smoothing Improves Machine Unlearning</cite>
          </a>
          , ICLR 2026.
        </p>
      </details>
      <p class="muted">Everything is computed in this browser tab. Your images never leave it.</p>
    </section>
  );
}
