import '../kit/tokens.css';
import '../kit/frame.css';
import { mount } from 'svelte';
import App from './App.svelte';

mount(App, { target: document.getElementById('app')! });
