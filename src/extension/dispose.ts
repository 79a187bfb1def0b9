/** Ownership: whatever an object registers is disposed of with it, last registered first. */
import type * as vscode from 'vscode';

export abstract class Disposable implements vscode.Disposable {
  private readonly owned: vscode.Disposable[] = [];
  private ended = false;

  protected get isDisposed(): boolean {
    return this.ended;
  }

  /** Makes this object the owner of `item`. If this object is already disposed of, `item` is disposed of at once. */
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
