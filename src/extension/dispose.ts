/** Ownership: whatever an object registers is disposed of with it, last registered first. */
import type * as vscode from 'vscode';

export abstract class Disposable implements vscode.Disposable {
  private readonly owned: vscode.Disposable[] = [];
  private ended = false;

  protected get isDisposed(): boolean {
    return this.ended;
  }

  /** Hands `item` over to this object. When that has been disposed of already, so is `item`, at once. */
  protected register<T extends vscode.Disposable>(item: T): T {
    if (this.ended) item.dispose();
    else this.owned.push(item);
    return item;
  }

  dispose(): void {
    if (this.ended) return;
    this.ended = true;
    for (const item of this.owned.reverse()) item.dispose();
    this.owned.length = 0;
  }
}
